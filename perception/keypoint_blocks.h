// What stands behind the last convolution of the MINT network, the tail from its maps to keypoints,
// both ways as programs of thread blocks (perception/thread_block.h). Float or double, no torch.
// The passes of the CPU are those of soft_argmax_kernels.h.
#pragma once

#include <cstdint>

#include "perception/channel_norm.h"
#include "perception/convolution_blocks.h"
#include "perception/norm_blocks.h"
#include "perception/soft_argmax_arithmetic.h"
#include "perception/thread_block.h"
#include "perception/vector_code.h"

namespace mint::perception {

// Keypoints of maps and what their gradient needs: moments [N, K], coords [N, K, 2] and
// activation [N, K]. One block per map.
template <typename T>
struct FindKeypoints {
  struct Shared {
    T largest[kBlockThreads];
    double sums[6][kBlockThreads];
    double ones[3][kBlockThreads];  // number and coordinates of pixels without one
  };

  NetworkMaps<T> maps;
  const ChannelNorm* norms;
  MapMoments<T>* moments;
  T *coords, *activation;

  int64_t blocks() const { return maps.count(); }

  template <typename Block>
  MINT_HOST_DEVICE void operator()(const Block& block, Shared& shared) const {
    const T* x = maps.map(block.index);
    const MapTransform<T> map = transform_of(norms[block.index % maps.channels], maps.slope);
    const int pixels = maps.pixels(), width = maps.width, height = maps.height;
    const T sign = map.scale >= T(0) ? T(1) : T(-1);  // u rises or falls with x
    block.each([&](int thread) {
      T largest = sign * x[thread < pixels ? thread : 0];
      for (int i = thread; i < pixels; i += kBlockThreads) {
        largest = sign * x[i] > largest ? sign * x[i] : largest;
      }
      shared.largest[thread] = largest;
    });
    join_threads(block, [&](int i, int j) {
      if (shared.largest[j] > shared.largest[i]) shared.largest[i] = shared.largest[j];
    });
    const T z_at_max = leaky(sign * shared.largest[0], map.slope);
    const T max_u = map_u(map, z_at_max);
    const T offset = map.shift - exponent_offset(max_u);
    const bool counts_ones = leaves_out_ones(max_u);

    block.each([&](int thread) {
      T e = 0, ex = 0, ey = 0, ez = 0, ezx = 0, ezy = 0;
      double ones = 0, ones_x = 0, ones_y = 0;
      for (int i = thread; i < pixels; i += kBlockThreads) {
        const T px = static_cast<T>(i % width) / static_cast<T>(width);
        const T py = static_cast<T>(i / width) / static_cast<T>(height);
        const T z = leaky(x[i], map.slope);
        const T weight = vector_exp(map.scale * z + offset), weight_z = weight * z;
        e += weight;
        ex += weight * px;
        ey += weight * py;
        ez += weight_z;
        ezx += weight_z * px;
        ezy += weight_z * py;
        if (counts_ones && map_u(map, z) > T(20)) {
          ones += 1;
          ones_x += px;
          ones_y += py;
        }
      }
      const double sums[6] = {e, ex, ey, ez, ezx, ezy};
      for (int s = 0; s < 6; ++s) shared.sums[s][thread] = sums[s];
      shared.ones[0][thread] = ones;
      shared.ones[1][thread] = ones_x;
      shared.ones[2][thread] = ones_y;
    });
    add_up(block, shared.sums);
    if (counts_ones) add_up(block, shared.ones);
    block.each([&](int thread) {
      if (thread > 0) return;
      MapOnes ones{1.0 * pixels, pixels * ((width - 1) / (2.0 * width)),
                   pixels * ((height - 1) / (2.0 * height))};
      if (counts_ones) {
        ones.count -= shared.ones[0][0];
        ones.x -= shared.ones[1][0];
        ones.y -= shared.ones[2][0];
      }
      const auto& s = shared.sums;
      const MapMoments<T> found = moments_from_sums(
          max_u, z_at_max, {s[0][0], s[1][0], s[2][0], s[3][0], s[4][0], s[5][0]}, ones);
      const MapOutput<T> output = map_output(found);
      moments[block.index] = found;
      coords[2 * block.index] = output.x;
      coords[2 * block.index + 1] = output.y;
      activation[block.index] = output.activation;
    });
  }
};

// Gradients of the keypoints: coords [N, K, 2] and activation [N, K].
template <typename T>
struct KeypointGradients {
  const T *coords, *activation;

  MINT_HOST_DEVICE MapOutputGradient<T> of(int64_t map) const {
    return {coords[2 * map], coords[2 * map + 1], activation[map]};
  }
};

// sums [N, K] as SumMapGradients takes them, of the maps that keypoints were found in; dy is not
// stored. One thread per map.
template <typename T>
struct SumKeypointGradients {
  struct Shared {};

  int64_t maps;
  KeypointGradients<T> gradients;
  const MapMoments<T>* moments;
  ChannelSums* sums;

  int64_t blocks() const { return blocks_for(maps); }

  template <typename Block>
  MINT_HOST_DEVICE void operator()(const Block& block, Shared&) const {
    block.each([&](int thread) {
      const int64_t i = block.index * kBlockThreads + thread;
      if (i >= maps) return;
      const MapGradientSums<T> sum = map_gradient_sums(moments[i], gradients.of(i));
      sums[i] = {sum.du, sum.du_z};
    });
  }
};

// dx = leaky'(x) scale (dy - a - b z) of the maps that keypoints were found in; dy is made here.
// The gradient of a maximum that occurs several times is spread over all of them. One block per
// map.
template <typename T>
struct SpreadKeypointGradients {
  struct Shared {
    int maxima[kBlockThreads], first[kBlockThreads];
  };

  NetworkMaps<T> maps;
  const ChannelNorm* norms;
  const NormGradient* channel;
  const MapMoments<T>* moments;
  KeypointGradients<T> gradients;
  T* dx;

  int64_t blocks() const { return maps.count(); }

  template <typename Block>
  MINT_HOST_DEVICE void operator()(const Block& block, Shared& shared) const {
    const int64_t c = block.index % maps.channels;
    const T* x = maps.map(block.index);
    const int pixels = maps.pixels();
    const MapTransform<T> map = transform_of(norms[c], maps.slope);
    const MapMoments<T>& found = moments[block.index];
    const MapOutputGradient<T> gradient = gradients.of(block.index);
    const MapSpread<T> spread = map_spread(found, gradient);
    const T offset = map.shift - exponent_offset(found.max_u);
    const T a = static_cast<T>(channel[c].a), b = static_cast<T>(channel[c].b);
    const T by_activation = activation_gradient(found, gradient);
    const T by_epsilon = epsilon_gradient(found, gradient);
    const bool has_maxima = has_gradient_at_maxima(by_activation);
    const auto is_maximum = [&](T z) { return map_u(map, z) == found.max_u; };

    if (has_maxima) {
      block.each([&](int thread) {
        int maxima = 0, first = pixels;
        for (int i = thread; i < pixels; i += kBlockThreads) {
          if (!is_maximum(leaky(x[i], map.slope))) continue;
          first = maxima == 0 ? i : first;
          ++maxima;
        }
        shared.maxima[thread] = maxima;
        shared.first[thread] = first;
      });
      join_threads(block, [&](int i, int j) {
        shared.maxima[i] += shared.maxima[j];
        if (shared.first[j] < shared.first[i]) shared.first[i] = shared.first[j];
      });
    }
    block.each([&](int thread) {
      for (int i = thread; i < pixels; i += kBlockThreads) {
        const T px = static_cast<T>(i % maps.width) / static_cast<T>(maps.width);
        const T py = static_cast<T>(i / maps.width) / static_cast<T>(maps.height);
        const T leak = x[i] > T(0) ? T(1) : map.slope, z = leak * x[i];
        const T du = vector_exp(map.scale * z + offset) *
                     (spread.by_x * px + spread.by_y * py + spread.constant);
        T value = leak * map.scale * (du - a - b * z);
        if (has_maxima && is_maximum(z)) {
          const T extra = i == shared.first[0] ? by_epsilon : T(0);
          value += leak * map.scale * (by_activation / static_cast<T>(shared.maxima[0]) + extra);
        }
        dx[block.index * pixels + i] = value;
      }
    });
  }
};

}  // namespace mint::perception
