#include "training/tensor_checksum.h"

#include <zlib.h>

namespace mint::training {

int64_t tensor_checksum(const std::vector<torch::Tensor>& tensors) {
  uLong crc = 0;
  const auto add = [&](const void* bytes, size_t count) {
    crc = crc32_z(crc, static_cast<const Bytef*>(bytes), count);
  };
  for (const torch::Tensor& tensor : tensors) {
    if (!tensor.defined()) continue;
    const torch::Tensor data = tensor.detach().cpu().contiguous();
    if (data.dim() > 0) add(data.sizes().data(), data.sizes().size() * sizeof(int64_t));
    if (data.nbytes() > 0) add(data.data_ptr(), data.nbytes());  // zlib takes null for a new start
  }
  return static_cast<int64_t>(crc);
}

}  // namespace mint::training
