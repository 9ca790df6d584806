#include "tests/support/npy.h"

#include <cstring>
#include <fstream>
#include <iterator>
#include <regex>
#include <stdexcept>
#include <string>

namespace mint::tests {
namespace {

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(file.string() + ": cannot open");
  return {std::istreambuf_iterator<char>(in), {}};
}

template <typename T>
void widen(const char* data, std::vector<double>& values) {
  for (size_t i = 0; i < values.size(); ++i) {
    T value;
    std::memcpy(&value, data + i * sizeof(T), sizeof(T));
    values[i] = static_cast<double>(value);
  }
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
  std::smatch match;
  if (!std::regex_search(header, match, std::regex("'descr': '([^']+)'"))) {
    throw std::runtime_error(file.string() + ": no dtype in the header");
  }
  const std::string dtype = match[1];
  if (header.find("'fortran_order': False") == std::string::npos ||
      !std::regex_search(header, match, std::regex("'shape': \\(([^)]*)\\)"))) {
    throw std::runtime_error(file.string() + ": expected C order and a shape");
  }
  Array array;
  const std::string shape = match[1];
  size_t count = 1;
  const std::regex number("[0-9]+");
  for (std::sregex_iterator it(shape.begin(), shape.end(), number), end; it != end; ++it) {
    array.shape.push_back(std::stoll(it->str()));
    count *= array.shape.back();
  }
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
