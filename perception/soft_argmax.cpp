#include "perception/soft_argmax.h"

#include <stdexcept>
#include <string>
#include <vector>

#include <torch/csrc/autograd/custom_function.h>
#include <torch/torch.h>

#include "perception/soft_argmax_kernels.h"

namespace mint::perception {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

// The moments of all maps live in one tensor row each, so that they can be saved for backward.
template <typename T>
constexpr int64_t kMomentValues = sizeof(MapMoments<T>) / sizeof(T);

class SoftArgmaxFunction : public torch::autograd::Function<SoftArgmaxFunction> {
 public:
  static tensor_list forward(AutogradContext* context, const Tensor& input) {
    const Tensor u = input.contiguous();
    const int64_t n = u.size(0), k = u.size(1), height = u.size(2), width = u.size(3);
    const Tensor coords = torch::empty({n, k, 2}, u.options());
    const Tensor activation = torch::empty({n, k}, u.options());
    const Tensor moments = torch::empty({n, k, kMomentValues<double>}, u.options());
    AT_DISPATCH_FLOATING_TYPES(u.scalar_type(), "soft_argmax", [&] {
      const MapGrid<scalar_t> grid(height, width);
      auto* saved = reinterpret_cast<MapMoments<scalar_t>*>(moments.data_ptr<scalar_t>());
      for (int64_t i = 0; i < n * k; ++i) {
        saved[i] = map_moments(u.data_ptr<scalar_t>() + i * height * width, grid,
                               MapTransform<scalar_t>{});
        const auto output = map_output(saved[i]);
        coords.data_ptr<scalar_t>()[2 * i] = output.x;
        coords.data_ptr<scalar_t>()[2 * i + 1] = output.y;
        activation.data_ptr<scalar_t>()[i] = output.activation;
      }
    });
    context->save_for_backward({u, moments});
    return {coords, activation};
  }

  static tensor_list backward(AutogradContext* context, tensor_list grads) {
    const auto saved = context->get_saved_variables();
    const Tensor& u = saved[0];
    const int64_t height = u.size(2), width = u.size(3), maps = u.size(0) * u.size(1);
    const Tensor grad_coords = grads[0].contiguous();
    const Tensor grad_activation = grads[1].contiguous();
    const Tensor grad_u = torch::empty_like(u);
    AT_DISPATCH_FLOATING_TYPES(u.scalar_type(), "soft_argmax_backward", [&] {
      const MapGrid<scalar_t> grid(height, width);
      const auto* moments = reinterpret_cast<MapMoments<scalar_t>*>(saved[1].data_ptr<scalar_t>());
      for (int64_t i = 0; i < maps; ++i) {
        const scalar_t* g = grad_coords.data_ptr<scalar_t>() + 2 * i;
        const MapOutputGradient<scalar_t> grad{g[0], g[1], grad_activation.data_ptr<scalar_t>()[i]};
        map_gradient<scalar_t>(u.data_ptr<scalar_t>() + i * height * width, grid, {}, moments[i],
                               grad, 0, 0, grad_u.data_ptr<scalar_t>() + i * height * width);
      }
    });
    return {grad_u};
  }
};

}  // namespace

SoftArgmax soft_argmax(const Tensor& u) {
  if (u.dim() != 4 || !u.is_floating_point() || !u.device().is_cpu()) {
    throw std::invalid_argument(
        "soft_argmax: u: expected a floating point CPU tensor [N, K, HH, WW], got " +
        std::string(u.toString()) + " of rank " + std::to_string(u.dim()));
  }
  const auto outputs = SoftArgmaxFunction::apply(u);
  return {outputs[0], outputs[1]};
}

Tensor keypoint_status(const Tensor& activation, double gamma) {
  return torch::sigmoid((activation - gamma) * kStatusSlope);
}

}  // namespace mint::perception
