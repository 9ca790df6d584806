#include "perception/hourglass_pass.h"

#include <algorithm>
#include <memory>

#include <torch/csrc/autograd/custom_function.h>
#include <torch/torch.h>

#include "perception/channel_norm.h"
#include "perception/heatmap_grid.h"
#include "perception/leaky_batch_norm.h"
#include "perception/leaky_batch_norm_kernels.h"
#include "perception/plane_convolution.h"
#include "perception/soft_argmax_kernels.h"
#include "perception/threads.h"

namespace mint::perception {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

constexpr size_t kBlocks = 6, kFirstUp = 3;
constexpr size_t kParameters = 4;  // of a block: weight and bias of convolution and norm

std::vector<ConvolutionShape> shapes_of(const Tensor& images, const tensor_list& weights) {
  const HourglassStrides strides = hourglass_strides(images.size(3));
  std::vector<ConvolutionShape> shapes;
  int64_t height = images.size(2), width = images.size(3);
  for (size_t i = 0; i < kBlocks; ++i) {
    ConvolutionShape shape;
    shape.transposed = i >= kFirstUp;
    shape.in = weights[i].size(shape.transposed ? 0 : 1);
    shape.out = weights[i].size(shape.transposed ? 1 : 0);
    shape.height = height;
    shape.width = width;
    shape.kernel = weights[i].size(2);
    shape.stride = shape.transposed ? strides.up[i - kFirstUp] : strides.down[i];
    shape.padding = shape.transposed ? 0 : 1;
    height = shape.out_height();
    width = shape.out_width();
    shapes.push_back(shape);
  }
  return shapes;
}

// What one block reads, one map at a time: the network's input for the first block, else the
// stored convolution of the block before, activated and normalised.
MapReader input_of(const Tensor& images, const Tensor& before, const Tensor& norms, float slope) {
  if (!before.defined()) {
    const int64_t pixels = images.size(2) * images.size(3), channels = images.size(1);
    const auto read = [=](const auto* values, int64_t image, int64_t channel, float* map) {
      values += (image * channels + channel) * pixels;
      for (int64_t i = 0; i < pixels; ++i) map[i] = 2 * static_cast<float>(values[i]) - 1;
    };
    if (images.scalar_type() == torch::kUInt8) {
      return [=, values = images.data_ptr<uint8_t>()](int64_t n, int64_t c, float* map) {
        read(values, n, c, map);
      };
    }
    return [=, values = images.data_ptr<float>()](int64_t n, int64_t c, float* map) {
      read(values, n, c, map);
    };
  }
  const int64_t pixels = before.size(2) * before.size(3), channels = before.size(1);
  return [=, x = before.data_ptr<float>(), all = channel_norms(norms)](int64_t n, int64_t c,
                                                                       float* map) {
    leaky_affine(x + (n * channels + c) * pixels, pixels, slope, static_cast<float>(all[c].scale),
                 static_cast<float>(all[c].shift), map);
  };
}

MapTransform<float> transform_of(const ChannelNorm& norm, float slope) {
  return {slope, static_cast<float>(norm.scale), static_cast<float>(norm.shift)};
}

// The convolution of one block; in training mode its statistics are taken while it is written.
Tensor convolve_block(const ConvolutionShape& shape, int64_t images, const MapReader& input,
                      const Tensor& weight, const Tensor& bias, float slope, bool training,
                      std::vector<Moments>& statistics) {
  const Tensor y =
      torch::empty({images, shape.out, shape.out_height(), shape.out_width()}, torch::kFloat);
  const int64_t pixels = shape.out_height() * shape.out_width();
  std::vector<Moments> parts(static_cast<size_t>(training ? images * shape.out : 0));
  const MapVisitor measure = [&](int64_t n, int64_t c, const float* map) {
    // An origin near the mean keeps the digits of the variance.
    const float middle = map[pixels / 2], origin = middle > 0 ? middle : slope * middle;
    parts[static_cast<size_t>(n * shape.out + c)] =
        moments_of(leaky_sums(map, pixels, slope, origin), origin, static_cast<double>(pixels));
  };
  convolve(shape, images, input, weight.data_ptr<float>(), bias.data_ptr<float>(),
           y.data_ptr<float>(), training ? measure : MapVisitor());
  statistics.assign(static_cast<size_t>(shape.out), {});
  for (size_t i = 0; i < parts.size(); ++i) {
    Moments& sum = statistics[i % statistics.size()];
    sum = joined(sum, parts[i]);
  }
  return y;
}

class HourglassPass : public torch::autograd::Function<HourglassPass> {
 public:
  static tensor_list forward(AutogradContext* context, const Tensor& images_in,
                             at::TensorList parameters,
                             const std::vector<torch::nn::BatchNorm2dImpl*>& norms, double slope) {
    const Tensor images = images_in.contiguous();
    const auto leak = static_cast<float>(slope);
    const int64_t N = images.size(0);
    tensor_list weights, maps, norm_values;
    for (size_t i = 0; i < kBlocks; ++i) {
      weights.push_back(parameters[kParameters * i].contiguous());
    }
    const auto shapes = shapes_of(images, weights);
    for (size_t i = 0; i < kBlocks; ++i) {
      const Tensor before = i > 0 ? maps.back() : Tensor();
      const MapReader input = input_of(images, before, i > 0 ? norm_values.back() : Tensor(), leak);
      std::vector<Moments> statistics;
      maps.push_back(convolve_block(shapes[i], N, input, weights[i],
                                    parameters[kParameters * i + 1].contiguous(), leak,
                                    norms[i]->is_training(), statistics));
      norm_values.push_back(make_channel_norms(*norms[i], statistics));
    }

    const Tensor& x = maps.back();
    const int64_t K = x.size(1), pixels = x.size(2) * x.size(3);
    const Tensor coords = torch::empty({N, K, 2}, x.options());
    const Tensor activation = torch::empty({N, K}, x.options());
    const int64_t moment_values = sizeof(MapMoments<float>) / sizeof(float);
    const Tensor moments = torch::empty({N, K, moment_values}, x.options());
    const MapGrid<float> grid(x.size(2), x.size(3));
    auto* saved = reinterpret_cast<MapMoments<float>*>(moments.data_ptr<float>());
    const float* values = x.data_ptr<float>();
    float *to_coords = coords.data_ptr<float>(), *to_activation = activation.data_ptr<float>();
    const ChannelNorm* last = channel_norms(norm_values.back());
    parallel_for(N, [&](int64_t n, int64_t) {
      for (int64_t i = n * K; i < (n + 1) * K; ++i) {
        saved[i] = map_moments(values + i * pixels, grid, transform_of(last[i % K], leak));
        const MapOutput<float> output = map_output(saved[i]);
        to_coords[2 * i] = output.x;
        to_coords[2 * i + 1] = output.y;
        to_activation[i] = output.activation;
      }
    });

    tensor_list all{images, moments};
    for (const tensor_list& list : {weights, maps, norm_values}) {
      all.insert(all.end(), list.begin(), list.end());
    }
    context->save_for_backward(all);
    context->saved_data["slope"] = slope;
    context->saved_data["training"] = norms[0]->is_training();
    return {coords, activation};
  }

  static tensor_list backward(AutogradContext* context, tensor_list grads) {
    const auto saved = context->get_saved_variables();
    const Tensor &images = saved[0], &moments = saved[1];
    const tensor_list weights(saved.begin() + 2, saved.begin() + 2 + kBlocks);
    const tensor_list maps(saved.begin() + 2 + kBlocks, saved.begin() + 2 + 2 * kBlocks);
    const tensor_list norms(saved.begin() + 2 + 2 * kBlocks, saved.end());
    const auto slope = static_cast<float>(context->saved_data["slope"].toDouble());
    const bool training = context->saved_data["training"].toBool();
    const int64_t N = images.size(0);
    const auto shapes = shapes_of(images, weights);
    tensor_list result(1 + kBlocks * kParameters);
    result.resize(result.size() + 2);  // the arguments that are no tensors

    // Of every map of a block's output: the sums of dy and dy z. Then of a channel.
    std::vector<ChannelSums> sums;
    std::vector<NormGradient> channel;
    const auto finish_norm = [&](size_t i) {
      const int64_t C = shapes[i].out;
      const double count = static_cast<double>(N * shapes[i].out_height() * shapes[i].out_width());
      const Tensor d_weight = torch::empty({C}, torch::kFloat);
      const Tensor d_bias = torch::empty({C}, torch::kFloat);
      channel.clear();
      for (int64_t c = 0; c < C; ++c) {
        ChannelSums sum;
        for (int64_t n = 0; n < N; ++n) {
          sum.first += sums[static_cast<size_t>(n * C + c)].first;
          sum.second += sums[static_cast<size_t>(n * C + c)].second;
        }
        channel.push_back(norm_gradient(channel_norms(norms[i])[c], sum, count, training));
        d_weight.data_ptr<float>()[c] = static_cast<float>(channel.back().weight);
        d_bias.data_ptr<float>()[c] = static_cast<float>(channel.back().bias);
      }
      result[1 + kParameters * i + 2] = d_weight;
      result[1 + kParameters * i + 3] = d_bias;
    };

    const Tensor d_coords = grads[0].contiguous(), d_activation = grads[1].contiguous();
    const MapGrid<float> grid(maps.back().size(2), maps.back().size(3));
    const auto* map_moments = reinterpret_cast<MapMoments<float>*>(moments.data_ptr<float>());
    const auto gradient_of = [by_coords = d_coords.data_ptr<float>(),
                              by_activation = d_activation.data_ptr<float>()](int64_t i) {
      return MapOutputGradient<float>{by_coords[2 * i], by_coords[2 * i + 1], by_activation[i]};
    };
    for (int64_t i = 0; i < N * moments.size(1); ++i) {
      const auto sum = map_gradient_sums(map_moments[i], gradient_of(i));
      sums.push_back({sum.du, sum.du_z});
    }
    finish_norm(kBlocks - 1);

    Tensor dy;  // gradient of a block's normalised output; the last block's is never stored
    for (size_t i = kBlocks; i-- > 0;) {
      const ConvolutionShape& shape = shapes[i];
      const int64_t C = shape.out, pixels = shape.out_height() * shape.out_width();
      const float* x = maps[i].data_ptr<float>();
      const ChannelNorm* norm = channel_norms(norms[i]);
      const float* dy_values = dy.defined() ? dy.data_ptr<float>() : nullptr;
      const MapReader gradient = [&](int64_t n, int64_t c, float* map) {
        const int64_t at = n * C + c;
        const auto& [d_weight, d_bias, a, b] = channel[static_cast<size_t>(c)];
        if (dy_values) {
          leaky_gradient(x + at * pixels, dy_values + at * pixels, pixels, slope,
                         static_cast<float>(norm[c].scale), static_cast<float>(a),
                         static_cast<float>(b), map);
        } else {
          map_gradient(x + at * pixels, grid, transform_of(norm[c], slope), map_moments[at],
                       gradient_of(at), static_cast<float>(a), static_cast<float>(b), map);
        }
      };
      const Tensor dx = i > 0 ? torch::empty_like(maps[i - 1]) : Tensor();
      const float* before = i > 0 ? maps[i - 1].data_ptr<float>() : nullptr;
      const int64_t in_pixels = shape.height * shape.width;
      sums.assign(static_cast<size_t>(N * shape.in), {});
      const MapVisitor measure = [&](int64_t n, int64_t c, const float* map) {
        const int64_t at = n * shape.in + c;
        sums[static_cast<size_t>(at)] =
            leaky_gradient_sums(before + at * in_pixels, map, in_pixels, slope);
      };
      const Tensor d_weight = torch::empty_like(weights[i]);
      const Tensor d_bias = torch::empty({C}, torch::kFloat);
      convolve_backward(
          shape, N,
          input_of(images, i > 0 ? maps[i - 1] : Tensor(), i > 0 ? norms[i - 1] : Tensor(), slope),
          gradient, weights[i].data_ptr<float>(),
          {i > 0 ? dx.data_ptr<float>() : nullptr, d_weight.data_ptr<float>(),
           d_bias.data_ptr<float>()},
          measure);
      result[1 + kParameters * i] = d_weight;
      result[1 + kParameters * i + 1] = d_bias;
      if (i > 0) finish_norm(i - 1);
      dy = dx;
    }
    return result;
  }
};

}  // namespace

SoftArgmax hourglass_pass(const Tensor& images, const std::vector<HourglassBlock>& blocks,
                          double slope) {
  tensor_list parameters;
  std::vector<torch::nn::BatchNorm2dImpl*> norms;
  for (const HourglassBlock& block : blocks) {
    for (const Tensor& parameter :
         {block.weight, block.bias, block.norm->weight, block.norm->bias}) {
      parameters.push_back(parameter);
    }
    norms.push_back(block.norm);
  }
  const auto outputs = HourglassPass::apply(images, at::TensorList(parameters), norms, slope);
  return {outputs[0], outputs[1]};
}

}  // namespace mint::perception
