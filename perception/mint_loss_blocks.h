// The MINT loss in its window form (spec 6.7), value and gradient, as programs of thread blocks
// (perception/thread_block.h). Float or double, no torch. The CPU's passes are those of
// mint_loss_windows.h; a pixel is the same arithmetic.
//
// A block per keypoint for the windows, a block per frame for what its keypoints share: the mask,
// the sums of the entropies and the largest sum of Gaussians. Every keypoint writes the gradient of
// its own frame and the one that reaches the frame before apart; they are added at the end.
#pragma once

#include "perception/mint_loss_arithmetic.h"
#include "perception/thread_block.h"

namespace mint::perception {

// What is known of a frame before its keypoints are looked at one by one, and what they cost.
template <typename T>
struct LossFrame {
  EntropySums all, open;
  double status;      // mean over the keypoints
  T highest;          // largest sum of Gaussians, at least beta
  int highest_count;  // pixels that have it
};

// Memory of one evaluation. The order keeps every part aligned.
template <typename T>
struct MintLossWorkspace {
  MintLossWorkspace(const MintLossBatch<T>& batch, void* memory) {
    const int64_t spots_count = batch.images * batch.keypoints;
    const int64_t pixels = batch.images * batch.height * batch.width;
    area = static_cast<HeatmapArea*>(memory);
    frames = reinterpret_cast<LossFrame<T>*>(area + 1);
    costs = reinterpret_cast<double*>(frames + batch.images);
    spots = reinterpret_cast<Spot<T>*>(costs + spots_count);
    own = reinterpret_cast<SpotGradient<T>*>(spots + spots_count);
    before = own + spots_count;
    ce = reinterpret_cast<T*>(before + spots_count);
    mask_gradient = ce + pixels;
    gaussians = mask_gradient + pixels;
    factors = gaussians + pixels;
  }
  static int64_t bytes(const MintLossBatch<T>& batch) {
    const int64_t of_frame = sizeof(LossFrame<T>) + 3 * batch.height * batch.width * sizeof(T);
    const int64_t of_spot = sizeof(double) + sizeof(Spot<T>) + 2 * sizeof(SpotGradient<T>) +
                            (batch.width + batch.height) * sizeof(T);
    return sizeof(HeatmapArea) + batch.images * (of_frame + batch.keypoints * of_spot);
  }

  HeatmapArea* area;
  LossFrame<T>* frames;          // [N]
  double* costs;                 // [N, K] of the windows
  Spot<T>* spots;                // [N, K]
  SpotGradient<T>*own, *before;  // [N, K]: of the keypoint, of the one in the frame before
  T *ce, *mask_gradient;         // [N, HH, WW]
  T* gaussians;                  // [N, HH, WW], summed over keypoints
  T* factors;                    // [N, K, WW + HH]
};

// What all programs of the loss know.
template <typename T>
struct MintLossProgram {
  MintLossConfig config;
  MintLossBatch<T> batch;
  MintLossWorkspace<T> work;

  MINT_HOST_DEVICE int pixels() const { return static_cast<int>(batch.height * batch.width); }
  MINT_HOST_DEVICE int width() const { return static_cast<int>(batch.width); }
  MINT_HOST_DEVICE int64_t spots() const { return batch.images * batch.keypoints; }
  // The same keypoint in the frame before.
  MINT_HOST_DEVICE int64_t spot_before(int64_t spot) const {
    const int64_t n = spot / batch.keypoints;
    return spot + (previous_frame(n, config.frames) - n) * batch.keypoints;
  }
};

// Fills work.spots and their factors, one block per keypoint.
template <typename T>
struct PlaceSpots {
  struct Shared {};

  MintLossProgram<T> in;
  T inverse;  // 1 / sigma^2
  double radius;

  template <typename Block>
  MINT_HOST_DEVICE void operator()(const Block& block, Shared&) const {
    const int64_t width = in.batch.width, height = in.batch.height;
    const T* coords = in.batch.coords + 2 * block.index;
    const T mu_x = coords[0] * static_cast<T>(width), mu_y = coords[1] * static_cast<T>(height);
    T* gx = in.work.factors + block.index * (width + height);
    T* gy = gx + width;
    block.each([&](int thread) {
      for (int64_t i = thread; i < width; i += kBlockThreads) {
        gx[i] = gaussian_value(mu_x, inverse, i);
      }
      for (int64_t i = thread; i < height; i += kBlockThreads) {
        gy[i] = gaussian_value(mu_y, inverse, i);
      }
      if (thread > 0) return;
      Spot<T> spot;
      spot.gx = gx;
      spot.gy = gy;
      spot.mu_x = mu_x;
      spot.mu_y = mu_y;
      spot.status = in.batch.status[block.index];
      support_range(mu_x, radius, width, spot.box.x0, spot.box.x1);
      support_range(mu_y, radius, height, spot.box.y0, spot.box.y1);
      in.work.spots[block.index] = spot;
    });
  }
};

// Fills work.area, in one block: the constant, or the first heatmap's.
template <typename T>
struct MeasureArea {
  struct Shared {
    double sums[3][kBlockThreads];
  };

  MintLossProgram<T> in;
  HeatmapShape<T> shape;
  double constant;

  template <typename Block>
  MINT_HOST_DEVICE void operator()(const Block& block, Shared& shared) const {
    const Spot<T>& spot = in.work.spots[0];
    const Box box = in.config.first_heatmap_area ? spot.box : Box{};
    const int columns = static_cast<int>(box.x1 - box.x0);
    const int count = static_cast<int>(box.y1 - box.y0) * columns;
    block.each([&](int thread) {
      double sum = 0, d_mu_x = 0, d_mu_y = 0;
      for (int i = thread; i < count; i += kBlockThreads) {
        const int64_t x = box.x0 + i % columns, y = box.y0 + i / columns;
        const T g = spot.gx[x] * spot.gy[y];
        sum += shape.height(g);
        d_mu_x += shape.rise(g) * (static_cast<T>(x) - spot.mu_x);
        d_mu_y += shape.rise(g) * (static_cast<T>(y) - spot.mu_y);
      }
      shared.sums[0][thread] = sum;
      shared.sums[1][thread] = d_mu_x;
      shared.sums[2][thread] = d_mu_y;
    });
    add_up(block, shared.sums);
    block.each([&](int thread) {
      if (thread > 0) return;
      HeatmapArea area;
      area.sum = in.config.first_heatmap_area ? shared.sums[0][0] : constant;
      area.d_mu_x = shared.sums[1][0];
      area.d_mu_y = shared.sums[2][0];
      *in.work.area = area;
    });
  }
};

// Fills work.frames, ce, mask_gradient and gaussians, one block per frame.
template <typename T>
struct MeasureFrames {
  struct Shared {
    double sums[2][kBlockThreads];
    T highest[kBlockThreads];
    int count[kBlockThreads];
    double all_e, all_ce, status;
  };

  MintLossProgram<T> in;
  HeatmapShape<T> shape;

  template <typename Block>
  MINT_HOST_DEVICE void operator()(const Block& block, Shared& shared) const {
    const int64_t n = block.index, K = in.batch.keypoints;
    const int pixels = in.pixels(), width = in.width();
    const T* e = in.batch.entropy + n * pixels;
    const T* previous = in.batch.entropy + previous_frame(n, in.config.frames) * pixels;
    const Spot<T>* spots = in.work.spots + n * K;
    T *ce = in.work.ce + n * pixels, *gaussians = in.work.gaussians + n * pixels;
    T* mask_gradient = in.work.mask_gradient + n * pixels;
    block.each([&](int thread) {
      double sum_e = 0, sum_ce = 0;
      for (int i = thread; i < pixels; i += kBlockThreads) {
        const T difference = e[i] - previous[i];
        ce[i] = difference > T(0) ? difference : T(0);
        sum_e += e[i];
        sum_ce += ce[i];
      }
      shared.sums[0][thread] = sum_e;
      shared.sums[1][thread] = sum_ce;
    });
    add_up(block, shared.sums);
    block.each([&](int thread) {
      if (thread > 0) return;
      shared.all_e = shared.sums[0][0];
      shared.all_ce = shared.sums[1][0];
      shared.status = 0;
      for (int64_t k = 0; k < K; ++k) shared.status += spots[k].status / static_cast<double>(K);
    });
    const MaskWeights<T> weights =
        mask_weights<T>(in.config, in.batch.images, n % in.config.frames == 0, shared.status,
                        {shared.all_e, shared.all_ce});

    block.each([&](int thread) {
      double open_e = 0, open_ce = 0;
      T highest = static_cast<T>(in.config.beta);
      for (int i = thread; i < pixels; i += kBlockThreads) {
        const int x = i % width, y = i / width;
        T mask = 0, sum = 0;
        for (int64_t k = 0; k < K; ++k) {
          const T g = spots[k].gy[y] * spots[k].gx[x];
          sum += g;
          if (spots[k].box.holds(x, y)) mask += spots[k].status * shape.height(g);
        }
        gaussians[i] = sum;
        highest = sum > highest ? sum : highest;
        const T open = mask < T(1) ? T(1) - mask : T(0);
        open_e += e[i] * open;
        open_ce += ce[i] * open;
        mask_gradient[i] = mask <= T(1) ? -(weights.e * e[i] + weights.ce * ce[i]) : T(0);
      }
      shared.sums[0][thread] = open_e;
      shared.sums[1][thread] = open_ce;
      shared.highest[thread] = highest;
    });
    add_up(block, shared.sums);
    join_threads(block, [&](int i, int j) {
      if (shared.highest[j] > shared.highest[i]) shared.highest[i] = shared.highest[j];
    });
    block.each([&](int thread) {
      int count = 0;
      for (int i = thread; i < pixels; i += kBlockThreads) {
        count += gaussians[i] == shared.highest[0];
      }
      shared.count[thread] = count;
    });
    join_threads(block, [&](int i, int j) { shared.count[i] += shared.count[j]; });
    block.each([&](int thread) {
      if (thread > 0) return;
      LossFrame<T> frame;
      frame.all = {shared.all_e, shared.all_ce};
      frame.open = {shared.sums[0][0], shared.sums[1][0]};
      frame.status = shared.status;
      frame.highest = shared.highest[0];
      frame.highest_count = shared.count[0];
      in.work.frames[n] = frame;
    });
  }
};

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

// The whole loss as mint_loss_kernel has it (perception/mint_loss_kernels.h); `launch` as in
// perception/network_launches.h.
template <typename Launch, typename T>
void launch_mint_loss(const Launch& launch, const MintLossConfig& config,
                      const MintLossBatch<T>& batch, const MintLossWorkspace<T>& work, T* terms,
                      T* grad_coords, T* grad_status) {
  const MintLossProgram<T> in{config, batch, work};
  const HeatmapShape<T> shape(config);
  launch(in.spots(), PlaceSpots<T>{in, static_cast<T>(1 / (config.sigma * config.sigma)),
                                   heatmap_radius(config)});
  launch(1, MeasureArea<T>{in, shape, heatmap_area(config)});
  launch(batch.images, MeasureFrames<T>{in, shape});
  launch(in.spots(), SumWindows<T>{in, shape});
  launch(blocks_for(batch.images), WriteTerms<T>{in, terms});
  launch(blocks_for(in.spots()), WriteGradients<T>{in, grad_coords, grad_status});
}

}  // namespace mint::perception
