#include "training/data_checksum.h"

#include <zlib.h>

namespace mint::training {

int64_t data_checksum(const std::vector<torch::Tensor>& tensors) {
  uLong crc = 0;
  for (const torch::Tensor& tensor : tensors) {
    if (!tensor.defined()) continue;
    const torch::Tensor bytes = tensor.cpu().contiguous();
    crc = crc32_z(crc, static_cast<const Bytef*>(bytes.data_ptr()), bytes.nbytes());
  }
  return static_cast<int64_t>(crc);
}

}  // namespace mint::training
