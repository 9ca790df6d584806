#include "training/image_tensor.h"

namespace mint::training {

torch::Tensor to_tensor(const std::vector<uint8_t>& rgb, int64_t height, int64_t width) {
  // from_blob wants a mutable pointer; contiguous() only reads, and copies.
  return torch::from_blob(const_cast<uint8_t*>(rgb.data()), {height, width, 3}, torch::kUInt8)
      .permute({2, 0, 1})
      .contiguous();
}

envs::Image to_image(const torch::Tensor& image) {
  const torch::Tensor rows = image.permute({1, 2, 0}).contiguous();
  envs::Image result;
  result.height = static_cast<int>(rows.size(0));
  result.width = static_cast<int>(rows.size(1));
  result.rgb.assign(rows.data_ptr<uint8_t>(), rows.data_ptr<uint8_t>() + rows.numel());
  return result;
}

}  // namespace mint::training
