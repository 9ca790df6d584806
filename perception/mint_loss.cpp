#include "perception/mint_loss.h"

#include <sstream>
#include <stdexcept>

#include <torch/csrc/autograd/custom_function.h>
#include <torch/torch.h>

#include "perception/mint_loss_kernels.h"

namespace mint::perception {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

template <typename... Parts>
[[noreturn]] void fail(const Parts&... parts) {
  std::ostringstream message;
  message << "mint_loss: ";
  (message << ... << parts);
  throw std::invalid_argument(message.str());
}

void check(const Tensor& coords, const Tensor& status, const Tensor& entropy,
           const MintLossConfig& config) {
  if (config.frames < 2) fail("config.frames: expected at least 2, got ", config.frames);
  if (!(config.sigma > 0)) fail("config.sigma: expected a positive number, got ", config.sigma);
  if (!(config.tau > 0 && config.tau < 1))
    fail("config.tau: expected 0 < tau < 1, got ", config.tau);
  if (!(config.eta > 0)) fail("config.eta: expected a positive number, got ", config.eta);
  if (coords.dim() != 3 || coords.size(2) != 2 || coords.size(1) < 1) {
    fail("coords: expected [N, K, 2], got ", coords.sizes());
  }
  if (coords.size(0) < 1 || coords.size(0) % config.frames != 0) {
    fail("coords: expected a multiple of ", config.frames, " frames, got ", coords.size(0));
  }
  if (status.sizes() != coords.sizes().slice(0, 2)) {
    fail("status: expected ", coords.sizes().slice(0, 2), ", got ", status.sizes());
  }
  if (entropy.dim() != 3 || entropy.size(0) != coords.size(0)) {
    fail("entropy: expected [", coords.size(0), ", HH, WW], got ", entropy.sizes());
  }
  if (status.scalar_type() != coords.scalar_type()) {
    fail("status: expected ", coords.scalar_type(), ", got ", status.scalar_type());
  }
  if (!coords.is_floating_point() || !coords.device().is_cpu()) {
    fail("coords: expected a floating point CPU tensor, got ", coords.toString());
  }
}

class MintLossFunction : public torch::autograd::Function<MintLossFunction> {
 public:
  static tensor_list forward(AutogradContext* context, const Tensor& coords_in,
                             const Tensor& status_in, const Tensor& entropy_in,
                             const MintLossConfig& config) {
    const Tensor coords = coords_in.contiguous(), status = status_in.contiguous();
    const Tensor entropy = entropy_in.to(coords.scalar_type()).contiguous();
    const Tensor terms = torch::empty({coords.size(0), kMintLossTerms}, coords.options());
    const Tensor grad_coords = torch::empty_like(coords), grad_status = torch::empty_like(status);
    AT_DISPATCH_FLOATING_TYPES(coords.scalar_type(), "mint_loss", [&] {
      const MintLossBatch<scalar_t> batch{coords.size(0),
                                          coords.size(1),
                                          entropy.size(1),
                                          entropy.size(2),
                                          entropy.data_ptr<scalar_t>(),
                                          coords.data_ptr<scalar_t>(),
                                          status.data_ptr<scalar_t>()};
      mint_loss_kernel(config, batch, terms.data_ptr<scalar_t>(), grad_coords.data_ptr<scalar_t>(),
                       grad_status.data_ptr<scalar_t>());
    });
    context->save_for_backward({grad_coords, grad_status});
    context->mark_non_differentiable({terms});
    return {terms.select(1, kMintLossTerms - 1).mean(), terms};
  }

  static tensor_list backward(AutogradContext* context, tensor_list grads) {
    const auto saved = context->get_saved_variables();
    return {saved[0] * grads[0], saved[1] * grads[0], Tensor(), Tensor()};
  }
};

}  // namespace

MintLoss mint_loss(const Tensor& coords, const Tensor& status, const Tensor& entropy,
                   const MintLossConfig& config) {
  check(coords, status, entropy, config);
  const auto outputs = MintLossFunction::apply(coords, status, entropy, config);
  return {outputs[0], outputs[1]};
}

std::vector<std::pair<std::string, double>> mean_terms(const MintLoss& loss) {
  const Tensor means = loss.terms.to(torch::kDouble).mean(0);
  std::vector<std::pair<std::string, double>> named;
  for (int64_t i = 0; i < kMintLossTerms; ++i) {
    named.emplace_back(kMintLossTermNames[i], means[i].item<double>());
  }
  return named;
}

}  // namespace mint::perception
