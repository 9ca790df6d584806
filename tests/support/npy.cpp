#include "tests/support/npy.h"

#include <cstring>
#include <sstream>
#include <stdexcept>
#include <string>

#include "tests/support/files.h"

namespace mint::tests {
namespace {

template <typename T>
void widen(const char* data, std::vector<double>& values) {
  for (size_t i = 0; i < values.size(); ++i) {
    T value;
    std::memcpy(&value, data + i * sizeof(T), sizeof(T));
    values[i] = static_cast<double>(value);
  }
}

// What stands between `start` and the next `end`. By hand: the headers are simple, and <regex> of
// GCC 12 does not compile without warnings under the sanitizers.
std::string between(const std::string& text, const std::string& start, const std::string& end,
                    const std::string& where) {
  const size_t found = text.find(start);
  const size_t first = found + start.size();
  const size_t last = found == std::string::npos ? found : text.find(end, first);
  if (last == std::string::npos) {
    throw std::runtime_error(where + ": expected " + start + "..." + end + ", got " + text);
  }
  return text.substr(first, last - first);
}

// "41, 96, 96," as numbers.
std::vector<int64_t> numbers(const std::string& list) {
  std::vector<int64_t> values;
  std::istringstream words(list);
  for (std::string word; std::getline(words, word, ',');) {
    if (word.find_first_not_of(' ') != std::string::npos) values.push_back(std::stoll(word));
  }
  return values;
}

}  // namespace

Array read_npy(const std::filesystem::path& file) {
  const std::string bytes = read_file(file);
  if (bytes.size() < 10 || bytes.compare(0, 6, "\x93NUMPY") != 0) {
    throw std::runtime_error(file.string() + ": not a .npy file");
  }
  const size_t header_size =
      static_cast<unsigned char>(bytes[8]) + 256u * static_cast<unsigned char>(bytes[9]);
  const std::string header = bytes.substr(10, header_size);
  const std::string where = file.string() + ": header";
  const std::string dtype = between(header, "'descr': '", "'", where);
  between(header, "'fortran_order': False", ",", where);
  Array array;
  array.shape = numbers(between(header, "'shape': (", ")", where));
  size_t count = 1;
  for (const int64_t dim : array.shape) count *= static_cast<size_t>(dim);
  const size_t width = dtype.size() == 3 ? dtype[2] - '0' : 0;
  if (width == 0 || bytes.size() != 10 + header_size + count * width) {
    throw std::runtime_error(file.string() + ": wrong length for " + dtype);
  }
  array.values.resize(count);
  const char* data = bytes.data() + 10 + header_size;
  if (dtype == "<f8") {
    widen<double>(data, array.values);
  } else if (dtype == "<f4") {
    widen<float>(data, array.values);
  } else if (dtype == "|u1") {
    widen<uint8_t>(data, array.values);
  } else if (dtype == "<i8") {
    widen<int64_t>(data, array.values);
  } else {
    throw std::runtime_error(file.string() + ": unexpected dtype " + dtype);
  }
  return array;
}

std::vector<float> read_floats(const std::filesystem::path& file) {
  const std::string bytes = read_file(file);
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
  return values;
}

}  // namespace mint::tests
