#include "perception/mint_loss_kernels.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "perception/mint_loss_windows.h"
#include "perception/threads.h"

namespace mint::perception {
namespace {

// The spots of a whole batch; owns the factors of the Gaussians.
template <typename T>
struct Spots {
  std::vector<T> factors;
  std::vector<Spot<T>> spots;  // [N, K]

  Spots(const MintLossConfig& config, const MintLossBatch<T>& batch)
      : factors(static_cast<size_t>(batch.images * batch.keypoints * (batch.width + batch.height))),
        spots(static_cast<size_t>(batch.images * batch.keypoints)) {
    const double radius = heatmap_radius(config);
    T* factor = factors.data();
    for (size_t i = 0; i < spots.size(); ++i) {
      Spot<T>& spot = spots[i];
      spot.mu_x = batch.coords[2 * i] * static_cast<T>(batch.width);
      spot.mu_y = batch.coords[2 * i + 1] * static_cast<T>(batch.height);
      spot.status = batch.status[i];
      gaussian_factor(spot.mu_x, config.sigma, batch.width, factor);
      spot.gx = factor;
      factor += batch.width;
      gaussian_factor(spot.mu_y, config.sigma, batch.height, factor);
      spot.gy = factor;
      factor += batch.height;
      support_range(spot.mu_x, radius, batch.width, spot.box.x0, spot.box.x1);
      support_range(spot.mu_y, radius, batch.height, spot.box.y0, spot.box.y1);
    }
  }
};

template <typename T>
HeatmapArea area_of(const Spot<T>& spot, const HeatmapShape<T>& shape) {
  HeatmapArea area;
  for (int64_t y = spot.box.y0; y < spot.box.y1; ++y) {
    for (int64_t x = spot.box.x0; x < spot.box.x1; ++x) {
      const T g = spot.gx[x] * spot.gy[y];
      area.sum += shape.height(g);
      area.d_mu_x += shape.rise(g) * (static_cast<T>(x) - spot.mu_x);
      area.d_mu_y += shape.rise(g) * (static_cast<T>(y) - spot.mu_y);
    }
  }
  return area;
}

// l_o relu(max_p sum_k G_k(p) - beta) / K of one frame. The gradient is spread over all maximising
// pixels, as automatic differentiation does it.
template <typename T>
T overlap_term(const MintLossConfig& config, const MintLossBatch<T>& batch, const Spot<T>* spots,
               std::vector<T>& sum, SpotGradient<T>* grads) {
  const int64_t K = batch.keypoints;
  const T beta = static_cast<T>(config.beta);
  const T best = sum_of_gaussians(spots, K, batch.height, batch.width, beta, sum.data());
  std::vector<int64_t> at;
  for (size_t p = 0; p < sum.size(); ++p) {
    if (sum[p] == best) at.push_back(static_cast<int64_t>(p));
  }
  if (at.empty()) return 0;  // nowhere as high as beta
  const double weight = config.overlap_weight / static_cast<double>(batch.images * K) /
                        static_cast<double>(at.size()) * 2 / (config.sigma * config.sigma);
  for (const int64_t p : at) {
    const int64_t x = p % batch.width, y = p / batch.width;
    for (int64_t k = 0; k < K; ++k) {
      const T rise = static_cast<T>(weight) * spots[k].gx[x] * spots[k].gy[y];
      grads[k].mu_x += rise * (static_cast<T>(x) - spots[k].mu_x);
      grads[k].mu_y += rise * (static_cast<T>(y) - spots[k].mu_y);
    }
  }
  return (best - beta) / static_cast<T>(K);
}

// sum_k s_k s'_k |(x, y)_k - (x, y)'_k| in normalised coordinates, with its gradient times `scale`
// added to grad_coords of both frames and to the statuses.
template <typename T>
T movement_term(const T* now, const T* before, const Spot<T>* spots, const Spot<T>* spots_before,
                int64_t keypoints, T scale, T* grad_now, T* grad_before, SpotGradient<T>* spot_now,
                SpotGradient<T>* spot_before) {
  T sum = 0;
  for (int64_t k = 0; k < keypoints; ++k) {
    const auto [dx, dy, distance] = keypoint_step(now + 2 * k, before + 2 * k);
    const T s = spots[k].status, s_before = spots_before[k].status;
    sum += s * s_before * distance;
    spot_now[k].status += scale * s_before * distance;
    spot_before[k].status += scale * s * distance;
    if (distance > 0) {
      const T pull = scale * s * s_before / distance;
      grad_now[2 * k] += pull * dx;
      grad_now[2 * k + 1] += pull * dy;
      grad_before[2 * k] -= pull * dx;
      grad_before[2 * k + 1] -= pull * dy;
    }
  }
  return sum;
}

}  // namespace

template <typename T>
void mint_loss_kernel(const MintLossConfig& config, const MintLossBatch<T>& batch, T* terms,
                      T* grad_coords, T* grad_status) {
  const int64_t N = batch.images, K = batch.keypoints, SF = config.frames;
  const int64_t pixels = batch.height * batch.width;
  const double inverse_n = 1 / static_cast<double>(N), inverse_k = 1 / static_cast<double>(K);
  const HeatmapShape<T> shape(config);
  const Spots<T> spots(config, batch);
  std::vector<SpotGradient<T>> grads(static_cast<size_t>(N * K));
  std::vector<double> costs(static_cast<size_t>(N));
  std::fill(grad_coords, grad_coords + 2 * N * K, T(0));

  HeatmapArea area;
  if (config.first_heatmap_area) {
    area = area_of(spots.spots[0], shape);
  } else {
    area.sum = heatmap_area(config);
  }
  const TransportWeights<T> transport = transport_weights<T>(config, N, K, area.sum);
  const T movement_scale =
      static_cast<T>(config.transport_weight * config.movement_weight * inverse_n);

  const auto add_frame = [&](int64_t n, std::vector<T>& ce, std::vector<T>& mask,
                             std::vector<T>& sum) {
    const bool is_first = n % SF == 0;
    const int64_t prev = previous_frame(n, SF);
    const Spot<T>* now = spots.spots.data() + n * K;
    const Spot<T>* before = spots.spots.data() + prev * K;
    SpotGradient<T>* grad_now = grads.data() + n * K;
    SpotGradient<T>* grad_before = grads.data() + prev * K;
    const T* e = batch.entropy + n * pixels;
    const T* previous = batch.entropy + prev * pixels;
    FrameLoss loss;
    for (int64_t k = 0; k < K; ++k) loss.status += now[k].status * inverse_k;

    const EntropySums all = conditional_entropy(e, previous, pixels, ce.data());
    std::fill(mask.begin(), mask.end(), T(0));
    for (int64_t k = 0; k < K; ++k) add_to_mask(now[k], shape, batch.width, mask.data());
    const MaskWeights<T> weights = mask_weights<T>(config, N, is_first, loss.status, all);
    const EntropySums open = apply_mask(e, ce.data(), pixels, weights.e, weights.ce, mask.data());
    loss.masked_entropy = open.e / (all.e + 1e-10);
    loss.masked_conditional_entropy = is_first ? 0 : open.ce / (all.ce + 1e-10);

    const TransportFrame<T> frame{e, previous, ce.data(), mask.data(), batch.width, transport};
    double cost = static_cast<double>(K) * std::max(1 - config.kappa, 0.0) * all.ce;
    for (int64_t k = 0; k < K; ++k) {
      cost += transport_window(frame, shape, now[k], before[k], now[k].box, Box{}, grad_now[k],
                               grad_before[k]);
      cost += transport_window(frame, shape, now[k], before[k], before[k].box, now[k].box,
                               grad_now[k], grad_before[k]);
    }
    costs[static_cast<size_t>(n)] = cost;
    loss.reconstruction = cost * inverse_k / area.sum;

    loss.movement = movement_term(batch.coords + 2 * n * K, batch.coords + 2 * prev * K, now,
                                  before, K, movement_scale, grad_coords + 2 * n * K,
                                  grad_coords + 2 * prev * K, grad_now, grad_before);
    loss.overlap = overlap_term(config, batch, now, sum, grad_now);
    const T status_gradient =
        static_cast<T>((1 - loss.masked_entropy) * config.status_weight * inverse_n * inverse_k);
    for (int64_t k = 0; k < K; ++k) grad_now[k].status += status_gradient;
    write_frame_terms(config, loss, terms + n * kFrameTerms);
  };
  // A frame's gradient reaches the frame before, so a sequence is one task.
  parallel_for(N / SF, [&](int64_t sequence, int64_t) {
    std::vector<T> ce(static_cast<size_t>(pixels)), mask(ce.size()), sum(ce.size());
    for (int64_t t = 0; t < SF; ++t) add_frame(sequence * SF + t, ce, mask, sum);
  });

  if (config.first_heatmap_area) {
    const double all_costs = std::accumulate(costs.begin(), costs.end(), 0.0);
    const double d_area =
        -config.transport_weight * inverse_n * inverse_k / area.sum * all_costs / area.sum;
    grads[0].mu_x += static_cast<T>(d_area * area.d_mu_x);
    grads[0].mu_y += static_cast<T>(d_area * area.d_mu_y);
  }
  for (int64_t i = 0; i < N * K; ++i) {
    grad_coords[2 * i] += grads[i].mu_x * static_cast<T>(batch.width);
    grad_coords[2 * i + 1] += grads[i].mu_y * static_cast<T>(batch.height);
    grad_status[i] = grads[i].status;
  }
}

template void mint_loss_kernel<float>(const MintLossConfig&, const MintLossBatch<float>&, float*,
                                      float*, float*);
template void mint_loss_kernel<double>(const MintLossConfig&, const MintLossBatch<double>&, double*,
                                       double*, double*);

}  // namespace mint::perception
