#include "training/safetensors.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <tuple>

#include "training/printable.h"
#include "training/shape_text.h"

namespace mint::training {
namespace {

constexpr size_t kLengthBytes = 8;
constexpr size_t kLargestHeader = 100'000'000;  // bytes, as in the reference implementation
constexpr size_t kAlignment = 8;                // bytes, of the start of the data
constexpr const char* kMetadata = "__metadata__";

// Where an array lies in the data, as the header says.
struct Entry {
  std::string name;
  std::string dtype;
  std::vector<int64_t> shape;
  uint64_t begin = 0;
  uint64_t end = 0;
};

// Bytes of an array, or -1 when a dimension is negative or the product too large.
int64_t array_bytes(const std::string& dtype, const std::vector<int64_t>& shape) {
  int64_t bytes = dtype_size(dtype);
  for (const int64_t dim : shape) {
    if (dim < 0 || (dim > 0 && bytes > std::numeric_limits<int64_t>::max() / dim)) return -1;
    bytes *= dim;
  }
  return bytes;
}

// Parses the header and refuses names given twice, which JSON readers pass over.
nlohmann::json parse_header(std::string_view text, const std::string& file) {
  std::set<std::string> names;
  std::string twice;
  const auto watch = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json& value) {
    if (event == nlohmann::json::parse_event_t::key && depth == 1) {
      const auto name = value.get<std::string>();
      if (!names.insert(name).second) twice = name;
    }
    return true;
  };
  nlohmann::json header;
  try {
    header = nlohmann::json::parse(text.begin(), text.end(), watch);
  } catch (const nlohmann::json::exception&) {
    throw std::runtime_error(file + ": header: expected JSON, got damage");
  }
  if (!twice.empty()) throw std::runtime_error(file + ": " + printable(twice) + ": given twice");
  if (!header.is_object())
    throw std::runtime_error(file + ": header: expected a JSON object, got another value");
  return header;
}

Entry parse_entry(const std::string& name, const nlohmann::json& value, const std::string& file) {
  Entry entry;
  entry.name = name;
  const std::string where = file + ": " + printable(name);
  try {
    entry.dtype = value.at("dtype").get<std::string>();
    for (const auto& dim : value.at("shape")) {
      if (!dim.is_number_unsigned())
        throw std::runtime_error(where + ": expected whole dimensions");
      entry.shape.push_back(dim.get<int64_t>());
    }
    const auto& offsets = value.at("data_offsets");
    if (offsets.size() != 2 || !offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned())
      throw std::runtime_error(where + ": data_offsets: expected two offsets, got something else");
    entry.begin = offsets[0].get<uint64_t>();
    entry.end = offsets[1].get<uint64_t>();
  } catch (const nlohmann::json::exception&) {
    throw std::runtime_error(where + ": expected dtype, shape and data_offsets, got damage");
  }
  if (dtype_size(entry.dtype) == 0)
    throw std::runtime_error(where + ": dtype: expected F32, I64, ..., got " +
                             printable(entry.dtype));
  const int64_t bytes = array_bytes(entry.dtype, entry.shape);
  if (bytes < 0 || entry.end < entry.begin ||
      entry.end - entry.begin != static_cast<uint64_t>(bytes))
    throw std::runtime_error(where + ": data_offsets: expected " + std::to_string(bytes) +
                             " bytes of " + entry.dtype + " " + shape_text(entry.shape) + ", got " +
                             std::to_string(entry.begin) + " to " + std::to_string(entry.end));
  return entry;
}

// Sorted by place, they must cover `size` bytes without gap or overlap.
void check_layout(std::vector<Entry>& entries, uint64_t size, const std::string& file) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name);
  });
  uint64_t next = 0;
  for (const auto& entry : entries) {
    if (entry.begin != next)
      throw std::runtime_error(file + ": " + printable(entry.name) +
                               ": data_offsets: expected a start at " + std::to_string(next) +
                               ", got " + std::to_string(entry.begin));
    next = entry.end;
  }
  if (next != size)
    throw std::runtime_error(file + ": data: expected " + std::to_string(next) + " bytes, got " +
                             std::to_string(size));
}

}  // namespace

int64_t dtype_size(std::string_view dtype) {
  if (dtype == "F64" || dtype == "I64") return 8;
  if (dtype == "F32" || dtype == "I32") return 4;
  if (dtype == "F16" || dtype == "BF16" || dtype == "I16") return 2;
  if (dtype == "I8" || dtype == "U8" || dtype == "BOOL") return 1;
  return 0;
}

std::string write_safetensors(std::vector<NamedArray> arrays, const SafetensorsMetadata& metadata) {
  // Wide types first: every array then starts at a multiple of its element's size.
  std::sort(arrays.begin(), arrays.end(), [](const NamedArray& a, const NamedArray& b) {
    const int64_t width_a = dtype_size(a.dtype);
    const int64_t width_b = dtype_size(b.dtype);
    return std::tie(width_b, a.name) < std::tie(width_a, b.name);
  });
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header[kMetadata] = metadata;
  uint64_t offset = 0;
  for (const auto& array : arrays) {
    if (header.contains(array.name) || array.name == kMetadata)
      throw std::invalid_argument("write_safetensors: " + array.name + ": given twice");
    const int64_t expected = array_bytes(array.dtype, array.shape);
    if (dtype_size(array.dtype) == 0 || expected != static_cast<int64_t>(array.bytes.size()))
      throw std::invalid_argument("write_safetensors: " + array.name + ": expected " +
                                  std::to_string(expected) + " bytes of " + array.dtype + " " +
                                  shape_text(array.shape) + ", got " +
                                  std::to_string(array.bytes.size()));
    header[array.name] = {{"dtype", array.dtype},
                          {"shape", array.shape},
                          {"data_offsets", {offset, offset + array.bytes.size()}}};
    offset += array.bytes.size();
  }
  std::string text = header.dump();
  text.append((kAlignment - text.size() % kAlignment) % kAlignment, ' ');
  std::string bytes;
  bytes.reserve(kLengthBytes + text.size() + offset);
  for (size_t i = 0; i < kLengthBytes; ++i)
    bytes += static_cast<char>(static_cast<uint64_t>(text.size()) >> (8 * i) & 0xff);
  bytes += text;
  for (const auto& array : arrays) bytes += array.bytes;
  return bytes;
}

std::vector<NamedArray> read_safetensors(std::string_view bytes, const std::string& file) {
  if (bytes.size() < kLengthBytes)
    throw std::runtime_error(file + ": file: expected safetensors, got " +
                             std::to_string(bytes.size()) + " bytes");
  uint64_t length = 0;
  for (size_t i = 0; i < kLengthBytes; ++i)
    length |= static_cast<uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  const std::string_view rest = bytes.substr(kLengthBytes);
  if (length > kLargestHeader || length > rest.size())
    throw std::runtime_error(file + ": header: expected " + std::to_string(length) +
                             " bytes, got " + std::to_string(rest.size()));
  const auto header = parse_header(rest.substr(0, length), file);
  const std::string_view data = rest.substr(length);
  std::vector<Entry> entries;
  for (const auto& [name, value] : header.items())
    if (name != kMetadata) entries.push_back(parse_entry(name, value, file));
  check_layout(entries, data.size(), file);
  std::vector<NamedArray> arrays;
  for (auto& entry : entries) {
    const auto part = data.substr(entry.begin, entry.end - entry.begin);
    arrays.push_back(
        {std::move(entry.name), std::move(entry.dtype), std::move(entry.shape), std::string(part)});
  }
  return arrays;
}

}  // namespace mint::training
