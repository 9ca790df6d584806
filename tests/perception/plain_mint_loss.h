// The MINT loss written out tensor by tensor as in spec 6, with automatic differentiation: the
// oracle of the window form.
#pragma once

#include <vector>

#include <torch/torch.h>

#include "perception/heatmaps.h"
#include "perception/mint_loss.h"
#include "perception/mint_loss_kernels.h"

namespace mint::tests {

inline perception::MintLoss plain_mint_loss(const torch::Tensor& coords,
                                            const torch::Tensor& status,
                                            const torch::Tensor& entropy,
                                            const perception::MintLossConfig& config) {
  using torch::Tensor;
  const int64_t N = coords.size(0), K = coords.size(1), SF = config.frames;
  std::vector<int64_t> order;
  for (int64_t n = 0; n < N; ++n) order.push_back(n - n % SF + (n % SF + SF - 1) % SF);
  const Tensor prev = torch::tensor(order);
  const Tensor is_later = (torch::arange(N).remainder(SF) > 0).to(coords.scalar_type());  // t > 0

  const Tensor G = perception::gaussians(coords, {entropy.size(1), entropy.size(2)}, config.sigma);
  const Tensor h = perception::heatmaps(G, config.tau, config.eta);
  const Tensor a = status.unsqueeze(2).unsqueeze(3) * h;  // [N, K, HH, WW]
  const Tensor a_prev = a.index_select(0, prev);
  const Tensor E = entropy.to(coords.scalar_type()), E_prev = E.index_select(0, prev);
  const Tensor CE = torch::relu(E - E_prev);

  const Tensor M = torch::clamp_max(a.sum(1), 1.0);
  const Tensor ME = (E * (1 - M)).sum({1, 2}) / (E.sum({1, 2}) + 1e-10);
  const Tensor MCE = is_later * (CE * (1 - M)).sum({1, 2}) / (CE.sum({1, 2}) + 1e-10);

  const Tensor Ek = E.unsqueeze(1), Ek_prev = E_prev.unsqueeze(1), CEk = CE.unsqueeze(1);
  const Tensor rec = Ek_prev * (1 - a) * (1 - a_prev) + (Ek * a + config.kappa * CEk * (1 - a));
  const Tensor mutual = rec + Ek - torch::maximum(rec, Ek.expand_as(rec));
  const Tensor area = config.first_heatmap_area
                          ? h[0][0].sum()
                          : torch::tensor(perception::heatmap_area(config), coords.options());
  const Tensor RC = ((Ek - mutual).sum({2, 3}) / area).mean(1);
  const Tensor step = (coords - coords.index_select(0, prev)).norm(2, 2);
  const Tensor movement = (status * status.index_select(0, prev) * step).sum(1);
  const Tensor transport = RC + config.movement_weight * movement;

  const Tensor active = status.mean(1);
  const Tensor overlap =
      torch::clamp_min(G.sum(1).flatten(1).amax(1) - config.beta, 0.0) / static_cast<double>(K);
  const Tensor total = config.masked_entropy_weight * ME +
                       config.masked_conditional_entropy_weight * MCE +
                       config.transport_weight * transport + config.overlap_weight * overlap +
                       (1 - ME) * config.status_weight * active;
  return {total.mean(),
          torch::stack({ME, MCE, RC, movement, transport, active, overlap, total}, 1).detach()};
}

}  // namespace mint::tests
