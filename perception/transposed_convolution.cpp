#include "perception/transposed_convolution.h"

#include <array>
#include <sstream>
#include <stdexcept>

#include <torch/csrc/autograd/custom_function.h>
#include <torch/torch.h>

#include "perception/transposed_convolution_kernels.h"

namespace mint::perception {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

// The library runs convolutions through oneDNN, transposed ones through a matrix product and a
// scatter. So everything is phrased in terms of the convolution whose input gradient this is.
std::tuple<Tensor, Tensor, Tensor> convolution_gradient(const Tensor& grad, const Tensor& input,
                                                        const Tensor& weight, int64_t stride,
                                                        std::array<bool, 3> wanted) {
  return at::convolution_backward(grad, input, weight, torch::nullopt, {stride, stride}, {0, 0},
                                  {1, 1}, /*transposed=*/false, {0, 0}, /*groups=*/1, wanted);
}

// The direct kernels: stride 2, float, AVX-512.
bool can_upsample(const Tensor& x, int64_t stride) {
  static const bool has_kernels = has_upsampling_kernels();
  return has_kernels && stride == 2 && x.scalar_type() == torch::kFloat && x.device().is_cpu();
}

UpsamplingShape shape_of(const Tensor& x, const Tensor& weight) {
  return {x.size(1), weight.size(1), x.size(2), x.size(3)};
}

Tensor upsample(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  Upsampling kernel(shape_of(x, weight), weight.contiguous().data_ptr<float>());
  const Tensor y =
      torch::empty({x.size(0), weight.size(1), 2 * x.size(2) + 1, 2 * x.size(3) + 1}, x.options());
  for (int64_t n = 0; n < x.size(0); ++n) {
    kernel.forward(x[n].data_ptr<float>(), bias.data_ptr<float>(), y[n].data_ptr<float>());
  }
  return y;
}

tensor_list upsample_backward(const Tensor& x, const Tensor& weight, const Tensor& dy,
                              bool wants_input_gradient) {
  Upsampling kernel(shape_of(x, weight), weight.contiguous().data_ptr<float>());
  const Tensor dx = wants_input_gradient ? torch::empty_like(x) : Tensor();
  for (int64_t n = 0; n < x.size(0); ++n) {
    kernel.backward(x[n].data_ptr<float>(), dy[n].data_ptr<float>(),
                    wants_input_gradient ? dx[n].data_ptr<float>() : nullptr);
  }
  const Tensor d_weight = torch::empty(weight.sizes(), weight.options());
  const Tensor d_bias = torch::empty({weight.size(1)}, weight.options());
  kernel.parameter_gradients(d_weight.data_ptr<float>(), d_bias.data_ptr<float>());
  return {dx, d_weight, d_bias, Tensor()};
}

class TransposedConvolution : public torch::autograd::Function<TransposedConvolution> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& weight,
                        const Tensor& bias, int64_t stride) {
    context->save_for_backward({x, weight});
    context->saved_data["stride"] = stride;
    if (can_upsample(x, stride)) return upsample(x.contiguous(), weight, bias.contiguous());
    const Tensor shape = torch::empty(
        {x.size(0), weight.size(1), (x.size(2) - 1) * stride + 3, (x.size(3) - 1) * stride + 3},
        x.options());
    Tensor y = std::get<0>(convolution_gradient(x, shape, weight, stride, {true, false, false}));
    return y.add_(bias.reshape({1, -1, 1, 1}));
  }

  static tensor_list backward(AutogradContext* context, tensor_list grads) {
    const auto saved = context->get_saved_variables();
    const Tensor &x = saved[0], &weight = saved[1];
    const int64_t stride = context->saved_data["stride"].toInt();
    const Tensor& dy = grads[0];
    if (can_upsample(x, stride)) {
      return upsample_backward(x.contiguous(), weight, dy.contiguous(),
                               context->needs_input_grad(0));
    }
    Tensor dx;
    if (context->needs_input_grad(0)) dx = at::conv2d(dy, weight, {}, stride);
    const Tensor d_weight =
        std::get<1>(convolution_gradient(x, dy, weight, stride, {false, true, false}));
    return {dx, d_weight, dy.sum({0, 2, 3}), Tensor()};
  }
};

}  // namespace

Tensor transposed_convolution(const Tensor& x, const Tensor& weight, const Tensor& bias,
                              int64_t stride) {
  if (x.dim() != 4 || weight.dim() != 4 || x.size(1) != weight.size(0) || weight.size(2) != 3 ||
      weight.size(3) != 3) {
    std::ostringstream message;
    message << "transposed_convolution: x: expected [N, C, h, w] with weight [C, C', 3, 3], got "
            << x.sizes() << " with " << weight.sizes();
    throw std::invalid_argument(message.str());
  }
  return TransposedConvolution::apply(x, weight, bias, stride);
}

}  // namespace mint::perception
