#include "perception/leaky_batch_norm.h"

#include <sstream>
#include <stdexcept>
#include <vector>

#include <torch/csrc/autograd/custom_function.h>
#include <torch/torch.h>

#include "perception/channel_norm.h"
#include "perception/leaky_batch_norm_kernels.h"

namespace mint::perception {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

// The batch's moments of leaky(x), by channel.
template <typename T>
std::vector<Moments> batch_moments(const Tensor& x, T slope) {
  const int64_t N = x.size(0), C = x.size(1), pixels = x.size(2) * x.size(3);
  std::vector<Moments> channels(static_cast<size_t>(C));
  for (int64_t i = 0; i < N * C; ++i) {
    const T* map = x.data_ptr<T>() + i * pixels;
    // An origin near the mean keeps the digits of the variance.
    const T origin = map[pixels / 2] > T(0) ? map[pixels / 2] : slope * map[pixels / 2];
    Moments& sum = channels[static_cast<size_t>(i % C)];
    sum = joined(sum, moments_of(leaky_sums(map, pixels, slope, origin), origin,
                                 static_cast<double>(pixels)));
  }
  return channels;
}

class LeakyBatchNorm : public torch::autograd::Function<LeakyBatchNorm> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& input, const Tensor& /*weight*/,
                        const Tensor& /*bias*/, torch::nn::BatchNorm2dImpl* norm, double slope) {
    const Tensor x = input.contiguous();
    const int64_t C = x.size(1), pixels = x.size(2) * x.size(3);
    const Tensor y = torch::empty_like(x);
    Tensor norms;
    AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "leaky_batch_norm", [&] {
      const auto leak = static_cast<scalar_t>(slope);
      norms = make_channel_norms(
          *norm, norm->is_training() ? batch_moments(x, leak) : std::vector<Moments>());
      for (int64_t i = 0; i < x.size(0) * C; ++i) {
        const ChannelNorm& channel = channel_norms(norms)[i % C];
        leaky_affine(x.data_ptr<scalar_t>() + i * pixels, pixels, leak,
                     static_cast<scalar_t>(channel.scale), static_cast<scalar_t>(channel.shift),
                     y.data_ptr<scalar_t>() + i * pixels);
      }
    });
    context->save_for_backward({x, norms});
    context->saved_data["slope"] = slope;
    context->saved_data["training"] = norm->is_training();
    return y;
  }

  static tensor_list backward(AutogradContext* context, tensor_list grads) {
    const auto saved = context->get_saved_variables();
    const Tensor &x = saved[0], &norms = saved[1];
    const Tensor dy = grads[0].contiguous();
    const bool training = context->saved_data["training"].toBool();
    const int64_t N = x.size(0), C = x.size(1), pixels = x.size(2) * x.size(3);
    const Tensor dx = torch::empty_like(x);
    const Tensor d_weight = torch::empty({C}, x.options()), d_bias = torch::empty({C}, x.options());
    AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "leaky_batch_norm_backward", [&] {
      const auto slope = static_cast<scalar_t>(context->saved_data["slope"].toDouble());
      for (int64_t c = 0; c < C; ++c) {
        const ChannelNorm& norm = channel_norms(norms)[c];
        ChannelSums sums;
        for (int64_t n = 0; n < N; ++n) {
          const int64_t at = (n * C + c) * pixels;
          const ChannelSums part = leaky_gradient_sums(x.data_ptr<scalar_t>() + at,
                                                       dy.data_ptr<scalar_t>() + at, pixels, slope);
          sums.first += part.first;
          sums.second += part.second;
        }
        const NormGradient grad =
            norm_gradient(norm, sums, static_cast<double>(N * pixels), training);
        d_weight.data_ptr<scalar_t>()[c] = static_cast<scalar_t>(grad.weight);
        d_bias.data_ptr<scalar_t>()[c] = static_cast<scalar_t>(grad.bias);
        for (int64_t n = 0; n < N; ++n) {
          const int64_t at = (n * C + c) * pixels;
          leaky_gradient(x.data_ptr<scalar_t>() + at, dy.data_ptr<scalar_t>() + at, pixels, slope,
                         static_cast<scalar_t>(norm.scale), static_cast<scalar_t>(grad.a),
                         static_cast<scalar_t>(grad.b), dx.data_ptr<scalar_t>() + at);
        }
      }
    });
    return {dx, d_weight, d_bias, Tensor(), Tensor()};
  }
};

void check_maps(const Tensor& x, const torch::nn::BatchNorm2dImpl& norm) {
  if (x.dim() == 4 && x.size(1) == norm.options.num_features() && x.is_floating_point() &&
      x.device().is_cpu() && x.scalar_type() == norm.weight.scalar_type()) {
    return;
  }
  std::ostringstream message;
  message << "leaky_batch_norm: x: expected " << norm.weight.toString() << " [N, "
          << norm.options.num_features() << ", H, W] on the CPU, got " << x.toString() << " "
          << x.sizes();
  throw std::invalid_argument(message.str());
}

}  // namespace

const ChannelNorm* channel_norms(const Tensor& saved) {
  return reinterpret_cast<const ChannelNorm*>(saved.data_ptr<double>());
}

Tensor make_channel_norms(torch::nn::BatchNorm2dImpl& norm, const std::vector<Moments>& batch) {
  const torch::NoGradGuard no_grad;
  Tensor mean = norm.running_mean.to(torch::kDouble),
         variance = norm.running_var.to(torch::kDouble);
  if (norm.is_training()) {
    mean = torch::empty_like(mean);
    variance = torch::empty_like(variance);
    for (size_t c = 0; c < batch.size(); ++c) {
      mean.data_ptr<double>()[c] = batch[c].mean;
      variance.data_ptr<double>()[c] = batch[c].variance();
    }
    norm.num_batches_tracked.add_(1);
    const double momentum = norm.options.momentum().has_value()
                                ? *norm.options.momentum()
                                : 1.0 / norm.num_batches_tracked.item<double>();
    const double count = batch[0].count, unbiased = count > 1 ? count / (count - 1) : 1;
    norm.running_mean.copy_((1 - momentum) * norm.running_mean.to(torch::kDouble) +
                            momentum * mean);
    norm.running_var.copy_((1 - momentum) * norm.running_var.to(torch::kDouble) +
                           momentum * unbiased * variance);
  }
  const Tensor inverse_std = (variance + norm.options.eps()).rsqrt();
  const Tensor scale = norm.weight.to(torch::kDouble) * inverse_std;
  const Tensor shift = norm.bias.to(torch::kDouble) - mean * scale;
  return torch::stack({mean, inverse_std, scale, shift}, 1).contiguous();
}

Tensor leaky_batch_norm(const Tensor& x, torch::nn::BatchNorm2dImpl& norm, double slope) {
  check_maps(x, norm);
  return LeakyBatchNorm::apply(x, norm.weight, norm.bias, &norm, slope);
}

}  // namespace mint::perception
