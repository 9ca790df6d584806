// Tensors as safetensors (training/safetensors.h).
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include <torch/types.h>

#include "training/safetensors.h"

namespace mint::training {

// "F32"; throws std::runtime_error for a type that the format does not have.
std::string dtype_name(torch::ScalarType type);

// The array's own memory, copied; whatever its dtype.
torch::Tensor to_tensor(const NamedArray& array);

// The same tensors give the same bytes.
std::string tensors_to_bytes(const std::map<std::string, torch::Tensor>& tensors);

// `file` names the source in messages, as of read_safetensors().
std::map<std::string, torch::Tensor> tensors_from_bytes(const std::string& bytes,
                                                        const std::string& file);

// A file of its own, with a checksum under the name "crc32", which is no tensor's.
void write_tensors(const std::filesystem::path& file, std::map<std::string, torch::Tensor> tensors);

// What was written, bit for bit. Throws std::runtime_error `file: crc32: expected 123, got 456; the
// file is damaged` for anything else.
std::map<std::string, torch::Tensor> read_tensors(const std::filesystem::path& file);

// Throws std::runtime_error `name: missing`, or for another type or number of dimensions
// `name: expected 2 dimensions of F32, got 1 of U8`.
const torch::Tensor& find_tensor(const std::map<std::string, torch::Tensor>& tensors,
                                 const std::string& name, torch::ScalarType type,
                                 int64_t dimensions);

}  // namespace mint::training
