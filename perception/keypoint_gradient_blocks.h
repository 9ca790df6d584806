// The gradients of keypoints with respect to the maps that they were found in, as programs of
// thread blocks (perception/thread_block.h); forward they are in perception/keypoint_blocks.h.
// Float or double, no torch.
#pragma once

#include <cstdint>

#include "perception/channel_norm.h"
#include "perception/convolution_link.h"
#include "perception/norm_blocks.h"
#include "perception/soft_argmax_arithmetic.h"
#include "perception/thread_block.h"
#include "perception/vector_code.h"

namespace mint::perception {

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
