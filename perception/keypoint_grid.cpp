#include "perception/keypoint_grid.h"

#include <cmath>

#include <torch/torch.h>

namespace mint::perception {
namespace {

using torch::Tensor;

Tensor cell_centres(int64_t count, const Tensor& like) {
  return torch::linspace(-1, 1, count, like.options());
}

}  // namespace

Tensor grid_gaussians(const Tensor& xy, int64_t height, int64_t width, double falloff_x,
                      double falloff_y) {
  const auto profile = [&](int64_t axis, int64_t count, double falloff) {
    const Tensor distance = xy.select(-1, axis).unsqueeze(-1) - cell_centres(count, xy);
    return torch::exp(distance.square() * -falloff);
  };
  return profile(1, height, falloff_y).unsqueeze(-1) * profile(0, width, falloff_x).unsqueeze(-2);
}

Tensor grid_expectation(const Tensor& weights, double guard) {
  const auto expectation = [&](int64_t other_axis) {
    const Tensor marginal = weights.sum(other_axis);
    return (marginal * cell_centres(marginal.size(-1), weights)).sum(-1) /
           (marginal.sum(-1) + guard);
  };
  return torch::stack({expectation(-2), expectation(-1)}, -1);
}

Tensor grid_to_image_fraction(const Tensor& xy, int64_t height, int64_t width) {
  const auto fraction = [&](int64_t axis, int64_t count) {
    const auto n = static_cast<double>(count);
    const Tensor cell = (xy.select(-1, axis) + 1) * ((n - 1) / 2);
    return ((cell + 0.5) / n).clamp(0, std::nextafter(1.0F, 0.0F));
  };
  return torch::stack({fraction(0, width), fraction(1, height)}, -1);
}

}  // namespace mint::perception
