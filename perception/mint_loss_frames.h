// The first programs of the MINT loss (perception/mint_loss_launches.h): the Gaussians of the
// keypoints, the area of a heatmap and what the keypoints of a frame share, its mask, the sums of
// its entropies and the largest sum of Gaussians.
#pragma once

#include <cstdint>

#include "perception/mint_loss_arithmetic.h"
#include "perception/mint_loss_workspace.h"
#include "perception/thread_block.h"

namespace mint::perception {

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

}  // namespace mint::perception
