// Tensors as safetensors (training/safetensors.h).
#pragma once

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

}  // namespace mint::training
