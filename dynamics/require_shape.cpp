#include "dynamics/require_shape.h"

#include <sstream>
#include <stdexcept>

#include <torch/torch.h>

namespace mint::dynamics {

void require_shape(const std::string& where, const char* what, const torch::Tensor& tensor,
                   int64_t count, const std::vector<int64_t>& expected) {
  if (tensor.defined() && tensor.dim() == static_cast<int64_t>(expected.size()) + 1 &&
      tensor.sizes().slice(1) == at::IntArrayRef(expected) &&
      (count < 0 ? tensor.size(0) > 0 : tensor.size(0) == count)) {
    return;
  }
  std::ostringstream message;
  message << where << ": " << what << ": expected [" << (count < 0 ? "N" : std::to_string(count));
  for (int64_t size : expected) message << ", " << size;
  message << "], got ";
  if (tensor.defined()) {
    message << tensor.sizes();
  } else {
    message << "no tensor";
  }
  throw std::invalid_argument(message.str());
}

}  // namespace mint::dynamics
