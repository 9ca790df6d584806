// Whether a resumed training has the data with which it began.
#pragma once

#include <cstdint>
#include <vector>

#include <torch/types.h>

namespace mint::training {

// CRC-32 of the tensors' bytes, one after another; a gigabyte takes about a second. Tensors that
// are not defined add nothing.
int64_t data_checksum(const std::vector<torch::Tensor>& tensors);

}  // namespace mint::training
