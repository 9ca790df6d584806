// The last programs of the MINT loss (perception/mint_loss_launches.h): the windows of the
// keypoints, and from them and the frames the terms and the gradients.
//
// Every keypoint writes the gradient of its own frame and the one that reaches the frame before
// apart; they are added at the end.
#pragma once

#include <cstdint>

#include "perception/mint_loss_arithmetic.h"
#include "perception/mint_loss_workspace.h"
#include "perception/thread_block.h"

namespace mint::perception {

// Fills work.costs, own and before, one block per keypoint: its window and that of the same
// keypoint in the frame before, and its share of the highest sum of Gaussians.
template <typename T>
struct SumWindows {
  struct Shared {
    double sums[7][kBlockThreads];
  };

  MintLossProgram<T> in;
  HeatmapShape<T> shape;

  template <typename Block>
  MINT_HOST_DEVICE void operator()(const Block& block, Shared& shared) const {
    const int64_t n = block.index / in.batch.keypoints;
    const int pixels = in.pixels(), width = in.width();
    const LossFrame<T>& frame = in.work.frames[n];
    const Spot<T>& now = in.work.spots[block.index];
    const Spot<T>& before = in.work.spots[in.spot_before(block.index)];
    const T* e = in.batch.entropy + n * pixels;
    const T* previous = in.batch.entropy + previous_frame(n, in.config.frames) * pixels;
    const T *ce = in.work.ce + n * pixels, *gaussians = in.work.gaussians + n * pixels;
    const T* mask_gradient = in.work.mask_gradient + n * pixels;
    const TransportWeights<T> weights =
        transport_weights<T>(in.config, in.batch.images, in.batch.keypoints, in.work.area->sum);

    block.each([&](int thread) {
      T sums[7] = {};
      const auto add_box = [&](const Box& box, const Box& hole) {
        const int columns = static_cast<int>(box.x1 - box.x0);
        const int count = static_cast<int>(box.y1 - box.y0) * columns;
        for (int i = thread; i < count; i += kBlockThreads) {
          const int64_t x = box.x0 + i % columns, y = box.y0 + i / columns;
          if (hole.holds(x, y)) continue;
          const int64_t at = y * width + x;
          const T px = static_cast<T>(x), py = static_cast<T>(y);
          const auto pixel = transport_pixel<T>(
              weights, shape, {e[at], previous[at], ce[at], mask_gradient[at]},
              {now.gy[y] * now.gx[x], now.status, px - now.mu_x, py - now.mu_y},
              {before.gy[y] * before.gx[x], before.status, px - before.mu_x, py - before.mu_y},
              T(1));
          sums[0] += pixel.cost;
          sums[1] += pixel.mu_x;
          sums[2] += pixel.mu_y;
          sums[3] += pixel.status;
          sums[4] += pixel.mu_x_before;
          sums[5] += pixel.mu_y_before;
          sums[6] += pixel.status_before;
        }
      };
      add_box(now.box, Box{});
      add_box(before.box, now.box);
      if (frame.highest_count > 0) {
        const T rise =
            static_cast<T>(in.config.overlap_weight / static_cast<double>(in.spots()) /
                           frame.highest_count * 2 / (in.config.sigma * in.config.sigma));
        for (int i = thread; i < pixels; i += kBlockThreads) {
          if (gaussians[i] != frame.highest) continue;
          const int x = i % width, y = i / width;
          const T by_mu = rise * now.gx[x] * now.gy[y];
          sums[1] += by_mu * (static_cast<T>(x) - now.mu_x);
          sums[2] += by_mu * (static_cast<T>(y) - now.mu_y);
        }
      }
      for (int s = 0; s < 7; ++s) shared.sums[s][thread] = sums[s];
    });
    add_up(block, shared.sums);
    block.each([&](int thread) {
      if (thread > 0) return;
      const auto sum = [&](int s) { return static_cast<T>(shared.sums[s][0]); };
      in.work.costs[block.index] = shared.sums[0][0];
      in.work.own[block.index] = {sum(1), sum(2), sum(3)};
      in.work.before[block.index] = {sum(4), sum(5), sum(6)};
    });
  }
};

// terms [N, 8], one thread per frame.
template <typename T>
struct WriteTerms {
  struct Shared {};

  MintLossProgram<T> in;
  T* terms;

  MINT_HOST_DEVICE void write(int64_t n) const {
    const int64_t K = in.batch.keypoints;
    const LossFrame<T>& frame = in.work.frames[n];
    const double outside = 1 - in.config.kappa;
    FrameLoss loss;
    loss.status = frame.status;
    loss.masked_entropy = frame.open.e / (frame.all.e + 1e-10);
    loss.masked_conditional_entropy =
        n % in.config.frames == 0 ? 0 : frame.open.ce / (frame.all.ce + 1e-10);
    double cost = outside > 0 ? static_cast<double>(K) * outside * frame.all.ce : 0;
    for (int64_t i = n * K; i < (n + 1) * K; ++i) {
      const int64_t before = in.spot_before(i);
      cost += in.work.costs[i];
      loss.movement +=
          in.batch.status[i] * in.batch.status[before] *
          keypoint_step(in.batch.coords + 2 * i, in.batch.coords + 2 * before).distance;
    }
    loss.reconstruction = cost / static_cast<double>(K) / in.work.area->sum;
    if (frame.highest_count > 0) {
      loss.overlap = (frame.highest - static_cast<T>(in.config.beta)) / static_cast<T>(K);
    }
    write_frame_terms(in.config, loss, terms + n * kFrameTerms);
  }

  template <typename Block>
  MINT_HOST_DEVICE void operator()(const Block& block, Shared&) const {
    block.each([&](int thread) {
      const int64_t n = block.index * kBlockThreads + thread;
      if (n < in.batch.images) write(n);
    });
  }
};

// grad_coords [N, K, 2] and grad_status [N, K], one thread per keypoint.
template <typename T>
struct WriteGradients {
  struct Shared {};

  MintLossProgram<T> in;
  T *grad_coords, *grad_status;

  // The gradient of the movement of keypoint i from frame to frame, and of its status, on the side
  // of keypoint `side`, which is i or the one before it.
  MINT_HOST_DEVICE void add_movement(int64_t i, int64_t side, T& x, T& y, T& status) const {
    const int64_t before = in.spot_before(i);
    const auto step = keypoint_step(in.batch.coords + 2 * i, in.batch.coords + 2 * before);
    const T scale = static_cast<T>(in.config.transport_weight * in.config.movement_weight /
                                   static_cast<double>(in.batch.images));
    const T s = in.batch.status[i], s_before = in.batch.status[before];
    status += scale * (side == i ? s_before : s) * step.distance;
    if (!(step.distance > 0)) return;
    const T pull = (side == i ? scale : -scale) * s * s_before / step.distance;
    x += pull * step.dx;
    y += pull * step.dy;
  }

  // Through the area of the first heatmap, which all costs are divided by.
  MINT_HOST_DEVICE double area_gradient() const {
    const double outside = 1 - in.config.kappa, K = static_cast<double>(in.batch.keypoints);
    double cost = 0;
    for (int64_t n = 0; n < in.batch.images; ++n) {
      if (outside > 0) cost += K * outside * in.work.frames[n].all.ce;
    }
    for (int64_t i = 0; i < in.spots(); ++i) cost += in.work.costs[i];
    const double area = in.work.area->sum;
    return -in.config.transport_weight / static_cast<double>(in.spots()) / area * cost / area;
  }

  MINT_HOST_DEVICE void write(int64_t i) const {
    const int64_t K = in.batch.keypoints, n = i / K, SF = in.config.frames;
    const int64_t next = i + ((n % SF == SF - 1 ? n - SF + 1 : n + 1) - n) * K;
    const SpotGradient<T> own = in.work.own[i], from_next = in.work.before[next];
    T mu_x = own.mu_x + from_next.mu_x, mu_y = own.mu_y + from_next.mu_y;
    if (i == 0 && in.config.first_heatmap_area) {
      const double d_area = area_gradient();
      mu_x += static_cast<T>(d_area * in.work.area->d_mu_x);
      mu_y += static_cast<T>(d_area * in.work.area->d_mu_y);
    }
    const LossFrame<T>& frame = in.work.frames[n];
    const double masked_entropy = frame.open.e / (frame.all.e + 1e-10);
    T x = mu_x * static_cast<T>(in.batch.width), y = mu_y * static_cast<T>(in.batch.height);
    T status = own.status + from_next.status +
               static_cast<T>((1 - masked_entropy) * in.config.status_weight /
                              static_cast<double>(in.spots()));
    add_movement(i, i, x, y, status);
    add_movement(next, i, x, y, status);
    grad_coords[2 * i] = x;
    grad_coords[2 * i + 1] = y;
    grad_status[i] = status;
  }

  template <typename Block>
  MINT_HOST_DEVICE void operator()(const Block& block, Shared&) const {
    block.each([&](int thread) {
      const int64_t i = block.index * kBlockThreads + thread;
      if (i < in.spots()) write(i);
    });
  }
};

}  // namespace mint::perception
