#include "perception/kde_entropy_images.h"

#include <sstream>
#include <stdexcept>

#include <torch/torch.h>

#include "perception/batch_threads.h"
#include "perception/cuda/entropy_cuda.h"
#include "perception/entropy_kde.h"

namespace mint::perception {
namespace {

using torch::Tensor;

// Forward when `gradient` is undefined, else backward.
template <typename T>
void run_kde(const Tensor& images, const Tensor& gradient, const KdeEntropyConfig& config,
             const Tensor& out) {
  const KdeShape shape = {images.size(1), images.size(2), images.size(3), config.region};
  const int64_t pixels = shape.height * shape.width, values = shape.channels * pixels;
  const auto bandwidth = static_cast<T>(config.bandwidth);
  const T* image = images.data_ptr<T>();
  const T* of_entropy = gradient.defined() ? gradient.data_ptr<T>() : nullptr;
  T* to = out.data_ptr<T>();
  if (config.device == Device::kCuda) {
    cuda::kde_of_host(images.size(0), shape, bandwidth, image, of_entropy, to);
    return;
  }
  share_batch(images.size(0), config.threads, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) {
      if (of_entropy) {
        kde_region_gradient(image + i * values, shape, bandwidth, of_entropy + i * pixels,
                            to + i * values);
      } else {
        kde_region_entropies(image + i * values, shape, bandwidth, to + i * pixels);
      }
    }
  });
}

void run_kde_of_type(const Tensor& images, const Tensor& gradient, const KdeEntropyConfig& config,
                     const Tensor& out) {
  if (images.scalar_type() == torch::kDouble) {
    run_kde<double>(images, gradient, config, out);
  } else {
    run_kde<float>(images, gradient, config, out);
  }
}

struct KdeEntropyFunction : torch::autograd::Function<KdeEntropyFunction> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& images,
                        double bandwidth, int64_t region, int64_t threads, int64_t device) {
    const Tensor in = images.contiguous();
    context->save_for_backward({in});
    context->saved_data["bandwidth"] = bandwidth;
    context->saved_data["region"] = region;
    context->saved_data["threads"] = threads;
    context->saved_data["device"] = device;
    const Tensor out = torch::empty({in.size(0), in.size(2), in.size(3)}, in.options());
    run_kde_of_type(in, {}, {bandwidth, region, threads, static_cast<Device>(device)}, out);
    return out;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const Tensor in = context->get_saved_variables()[0];
    const KdeEntropyConfig config = {context->saved_data["bandwidth"].toDouble(),
                                     context->saved_data["region"].toInt(),
                                     context->saved_data["threads"].toInt(),
                                     static_cast<Device>(context->saved_data["device"].toInt())};
    const Tensor out = torch::empty_like(in);
    run_kde_of_type(in, gradients[0].contiguous(), config, out);
    return {out, Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

void expect_kde(bool holds, const std::string& what, const std::string& expected, double got) {
  if (holds) return;
  std::ostringstream message;
  message << "kde_entropy_images: config." << what << ": expected " << expected << ", got " << got;
  throw std::invalid_argument(message.str());
}

}  // namespace

Tensor kde_entropy_images(const Tensor& images, const KdeEntropyConfig& config) {
  const bool is_real =
      images.scalar_type() == torch::kFloat || images.scalar_type() == torch::kDouble;
  if (!is_real || images.dim() != 4 || images.size(1) < 1 || !images.device().is_cpu()) {
    std::ostringstream message;
    message << "kde_entropy_images: images: expected float32 or float64 [N, C, H, W] on the CPU, "
               "got "
            << images.toString() << " " << images.sizes();
    throw std::invalid_argument(message.str());
  }
  expect_kde(config.bandwidth > 0, "bandwidth", "a positive number", config.bandwidth);
  expect_kde(config.region > 0 && config.region % 2 == 1, "region", "an odd number",
             static_cast<double>(config.region));
  expect_kde(config.threads > 0, "threads", "at least 1", static_cast<double>(config.threads));
  return KdeEntropyFunction::apply(images, config.bandwidth, config.region, config.threads,
                                   static_cast<int64_t>(config.device));
}

}  // namespace mint::perception
