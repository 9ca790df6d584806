#include "perception/leaky_batch_norm.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <vector>

#include <torch/csrc/autograd/custom_function.h>
#include <torch/torch.h>

#include "perception/leaky_batch_norm_kernels.h"
#include "perception/soft_argmax_kernels.h"

namespace mint::perception {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

// y = scale z + shift per channel, and where scale and shift come from. One row of a saved tensor.
struct ChannelNorm {
  double mean = 0, inverse_std = 1;
  double scale = 1, shift = 0;
};
constexpr int64_t kNormValues = sizeof(ChannelNorm) / sizeof(double);

ChannelNorm* norms_in(const Tensor& saved) {
  return reinterpret_cast<ChannelNorm*>(saved.data_ptr<double>());
}

// The batch's or the running statistics of all channels, as a double tensor [C, 4]. In training
// mode the running ones move.
template <typename T>
Tensor make_norms(const Tensor& x, torch::nn::BatchNorm2dImpl& norm, T slope) {
  const int64_t N = x.size(0), C = x.size(1), pixels = x.size(2) * x.size(3);
  const torch::NoGradGuard no_grad;
  Tensor mean = norm.running_mean.to(torch::kDouble),
         variance = norm.running_var.to(torch::kDouble);
  if (norm.is_training()) {
    const double count = static_cast<double>(N * pixels);
    mean = torch::empty({C}, torch::kDouble);
    variance = torch::empty({C}, torch::kDouble);
    for (int64_t c = 0; c < C; ++c) {
      const T* first = x.data_ptr<T>() + c * pixels;
      const T origin = first[pixels / 2] > T(0) ? first[pixels / 2] : slope * first[pixels / 2];
      ChannelSums sums;
      for (int64_t n = 0; n < N; ++n) {
        const ChannelSums part = leaky_sums(first + n * C * pixels, pixels, slope, origin);
        sums.first += part.first;
        sums.second += part.second;
      }
      const double m = sums.first / count;
      mean.data_ptr<double>()[c] = origin + m;
      variance.data_ptr<double>()[c] = std::max(sums.second / count - m * m, 0.0);
    }
    norm.num_batches_tracked.add_(1);
    const double momentum = norm.options.momentum().has_value()
                                ? *norm.options.momentum()
                                : 1.0 / norm.num_batches_tracked.item<double>();
    const double unbiased = count > 1 ? count / (count - 1) : 1;
    norm.running_mean.copy_((1 - momentum) * norm.running_mean.to(torch::kDouble) +
                            momentum * mean);
    norm.running_var.copy_((1 - momentum) * norm.running_var.to(torch::kDouble) +
                           momentum * unbiased * variance);
  }
  const Tensor weight = norm.weight.to(torch::kDouble), bias = norm.bias.to(torch::kDouble);
  const Tensor inverse_std = (variance + norm.options.eps()).rsqrt();
  const Tensor scale = weight * inverse_std;
  return torch::stack({mean, inverse_std, scale, bias - mean * scale}, 1).contiguous();
}

// Gradients of weight and bias, and a and b of dx = leaky' scale (dy - a - b z), from the sums of
// dy and dy z over a channel. Without batch statistics a and b are zero.
struct NormGradient {
  double weight, bias, a = 0, b = 0;

  NormGradient(const ChannelNorm& norm, const ChannelSums& sums, double count,
               bool uses_batch_statistics)
      : weight(norm.inverse_std * (sums.second - norm.mean * sums.first)), bias(sums.first) {
    if (!uses_batch_statistics) return;
    b = norm.inverse_std * weight / count;
    a = bias / count - b * norm.mean;
  }
};

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
      norms = make_norms(x, *norm, leak);
      for (int64_t i = 0; i < x.size(0) * C; ++i) {
        const ChannelNorm& channel = norms_in(norms)[i % C];
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
        const ChannelNorm& norm = norms_in(norms)[c];
        ChannelSums sums;
        for (int64_t n = 0; n < N; ++n) {
          const int64_t at = (n * C + c) * pixels;
          const ChannelSums part = leaky_gradient_sums(x.data_ptr<scalar_t>() + at,
                                                       dy.data_ptr<scalar_t>() + at, pixels, slope);
          sums.first += part.first;
          sums.second += part.second;
        }
        const NormGradient grad(norm, sums, static_cast<double>(N * pixels), training);
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

class LeakyBatchNormSoftArgmax : public torch::autograd::Function<LeakyBatchNormSoftArgmax> {
 public:
  static tensor_list forward(AutogradContext* context, const Tensor& input,
                             const Tensor& /*weight*/, const Tensor& /*bias*/,
                             torch::nn::BatchNorm2dImpl* norm, double slope) {
    const Tensor x = input.contiguous();
    const int64_t N = x.size(0), C = x.size(1), pixels = x.size(2) * x.size(3);
    const Tensor coords = torch::empty({N, C, 2}, x.options());
    const Tensor activation = torch::empty({N, C}, x.options());
    const int64_t moment_values = sizeof(MapMoments<double>) / sizeof(double);
    const Tensor moments = torch::empty({N, C, moment_values}, x.options());
    Tensor norms;
    AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "leaky_batch_norm_soft_argmax", [&] {
      norms = make_norms(x, *norm, static_cast<scalar_t>(slope));
      const MapGrid<scalar_t> grid(x.size(2), x.size(3));
      auto* saved = reinterpret_cast<MapMoments<scalar_t>*>(moments.data_ptr<scalar_t>());
      for (int64_t i = 0; i < N * C; ++i) {
        saved[i] = map_moments(x.data_ptr<scalar_t>() + i * pixels, grid,
                               transform<scalar_t>(norms_in(norms)[i % C], slope));
        const MapOutput<scalar_t> output = map_output(saved[i]);
        coords.data_ptr<scalar_t>()[2 * i] = output.x;
        coords.data_ptr<scalar_t>()[2 * i + 1] = output.y;
        activation.data_ptr<scalar_t>()[i] = output.activation;
      }
    });
    context->save_for_backward({x, norms, moments});
    context->saved_data["slope"] = slope;
    context->saved_data["training"] = norm->is_training();
    return {coords, activation};
  }

  static tensor_list backward(AutogradContext* context, tensor_list grads) {
    const auto saved = context->get_saved_variables();
    const Tensor &x = saved[0], &norms = saved[1];
    const Tensor d_coords = grads[0].contiguous(), d_activation = grads[1].contiguous();
    const bool training = context->saved_data["training"].toBool();
    const double slope = context->saved_data["slope"].toDouble();
    const int64_t N = x.size(0), C = x.size(1), pixels = x.size(2) * x.size(3);
    const Tensor dx = torch::empty_like(x);
    const Tensor d_weight = torch::empty({C}, x.options()), d_bias = torch::empty({C}, x.options());
    AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "leaky_batch_norm_soft_argmax_backward", [&] {
      const MapGrid<scalar_t> grid(x.size(2), x.size(3));
      const auto* moments = reinterpret_cast<MapMoments<scalar_t>*>(saved[2].data_ptr<scalar_t>());
      const auto gradient_of = [&](int64_t i) {
        const scalar_t* d = d_coords.data_ptr<scalar_t>() + 2 * i;
        return MapOutputGradient<scalar_t>{d[0], d[1], d_activation.data_ptr<scalar_t>()[i]};
      };
      for (int64_t c = 0; c < C; ++c) {
        const ChannelNorm& norm = norms_in(norms)[c];
        ChannelSums sums;
        for (int64_t n = 0; n < N; ++n) {
          const auto part = map_gradient_sums(moments[n * C + c], gradient_of(n * C + c));
          sums.first += part.du;
          sums.second += part.du_z;
        }
        const NormGradient grad(norm, sums, static_cast<double>(N * pixels), training);
        d_weight.data_ptr<scalar_t>()[c] = static_cast<scalar_t>(grad.weight);
        d_bias.data_ptr<scalar_t>()[c] = static_cast<scalar_t>(grad.bias);
        for (int64_t n = 0; n < N; ++n) {
          const int64_t i = n * C + c;
          map_gradient(x.data_ptr<scalar_t>() + i * pixels, grid, transform<scalar_t>(norm, slope),
                       moments[i], gradient_of(i), static_cast<scalar_t>(grad.a),
                       static_cast<scalar_t>(grad.b), dx.data_ptr<scalar_t>() + i * pixels);
        }
      }
    });
    return {dx, d_weight, d_bias, Tensor(), Tensor()};
  }

 private:
  template <typename T>
  static MapTransform<T> transform(const ChannelNorm& norm, double slope) {
    return {static_cast<T>(slope), static_cast<T>(norm.scale), static_cast<T>(norm.shift)};
  }
};

void check(const Tensor& x, const torch::nn::BatchNorm2dImpl& norm) {
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

Tensor leaky_batch_norm(const Tensor& x, torch::nn::BatchNorm2dImpl& norm, double slope) {
  check(x, norm);
  return LeakyBatchNorm::apply(x, norm.weight, norm.bias, &norm, slope);
}

SoftArgmax leaky_batch_norm_soft_argmax(const Tensor& x, torch::nn::BatchNorm2dImpl& norm,
                                        double slope) {
  check(x, norm);
  const auto outputs = LeakyBatchNormSoftArgmax::apply(x, norm.weight, norm.bias, &norm, slope);
  return {outputs[0], outputs[1]};
}

}  // namespace mint::perception
