// Whether tensors are the same as before: the data of a resumed training, what a file holds.
#pragma once

#include <cstdint>
#include <vector>

#include <torch/types.h>

namespace mint::training {

// CRC-32 of the tensors' shapes and bytes, one after another; a gigabyte takes about a second. One
// that is not defined adds nothing.
int64_t tensor_checksum(const std::vector<torch::Tensor>& tensors);

}  // namespace mint::training
