// The safetensors format (huggingface.co/docs/safetensors): named arrays in one file, no code.
//
//   8 bytes  length N of the header, little endian
//   N bytes  JSON: {"__metadata__": {...}, "name": {"dtype", "shape", "data_offsets"}, ...}, padded
//            with spaces so that the data start at a multiple of 8
//   data     the arrays, little endian, C order, without gaps
//
// Free of torch. The reader is strict: sizes are checked before anything is allocated, and a file
// with gaps, overlaps, duplicate names or bytes left over is refused.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mint::training {

struct NamedArray {
  std::string name;
  std::string dtype;  // "F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U8", "BOOL"
  std::vector<int64_t> shape;  // empty for a scalar
  std::string bytes;           // C order, little endian
};

// Bytes of one element; 0 for an unknown type.
int64_t dtype_size(std::string_view dtype);

using SafetensorsMetadata = std::map<std::string, std::string>;

// The same arrays give the same bytes in whatever order they come. Throws std::invalid_argument
// when a name is given twice or `bytes` does not fit `dtype` and `shape`.
std::string write_safetensors(std::vector<NamedArray> arrays, const SafetensorsMetadata& metadata);

// `file` names the source in messages `file: name: expected X, got Y` (std::runtime_error).
// Arrays come in the order of their data.
std::vector<NamedArray> read_safetensors(std::string_view bytes, const std::string& file);

}  // namespace mint::training
