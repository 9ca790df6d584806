// The gradients of LeakyReLU with batch normalisation as programs of thread blocks
// (perception/thread_block.h); forward they are in perception/norm_blocks.h. Float or double, no
// torch.
#pragma once

#include <cstdint>

#include "perception/channel_norm.h"
#include "perception/norm_blocks.h"
#include "perception/soft_argmax_arithmetic.h"
#include "perception/thread_block.h"

namespace mint::perception {

// sums [N, channels] of dy and dy z over each map, where dy is the gradient of the normalised map.
// One block per map.
template <typename T>
struct SumMapGradients {
  struct Shared {
    double sums[2][kBlockThreads];
  };

  NetworkMaps<T> maps;
  const T* dy;
  ChannelSums* sums;

  int64_t blocks() const { return maps.count(); }

  template <typename Block>
  MINT_HOST_DEVICE void operator()(const Block& block, Shared& shared) const {
    const T *x = maps.map(block.index), *by = dy + block.index * maps.pixels();
    block.each([&](int thread) {
      T first = 0, second = 0;
      for (int i = thread; i < maps.pixels(); i += kBlockThreads) {
        first += by[i];
        second += by[i] * leaky(x[i], maps.slope);
      }
      shared.sums[0][thread] = first;
      shared.sums[1][thread] = second;
    });
    add_up(block, shared.sums);
    block.each([&](int thread) {
      if (thread == 0) sums[block.index] = {shared.sums[0][0], shared.sums[1][0]};
    });
  }
};

// From sums [N, channels]: d_weight and d_bias [channels], and `gradients` [channels] for the
// programs that spread them over the maps. One thread per channel.
template <typename T>
struct MakeNormGradients {
  struct Shared {};

  NetworkMaps<T> maps;
  bool is_training;
  const ChannelNorm* norms;
  const ChannelSums* sums;
  T *d_weight, *d_bias;
  NormGradient* gradients;

  int64_t blocks() const { return blocks_for(maps.channels); }

  template <typename Block>
  MINT_HOST_DEVICE void operator()(const Block& block, Shared&) const {
    block.each([&](int thread) {
      const int64_t c = block.index * kBlockThreads + thread;
      if (c >= maps.channels) return;
      ChannelSums sum;
      for (int64_t n = 0; n < maps.images; ++n) {
        sum.first += sums[n * maps.channels + c].first;
        sum.second += sums[n * maps.channels + c].second;
      }
      const double count = static_cast<double>(maps.images) * maps.pixels();
      gradients[c] = norm_gradient(norms[c], sum, count, is_training);
      d_weight[c] = static_cast<T>(gradients[c].weight);
      d_bias[c] = static_cast<T>(gradients[c].bias);
    });
  }
};

// dx = leaky'(x) scale (dy - a - b z) of stored dy, one thread per pixel. dx may be dy.
template <typename T>
struct SpreadMapGradients {
  struct Shared {};

  NetworkMaps<T> maps;
  const ChannelNorm* norms;
  const NormGradient* channel;
  const T* dy;
  T* dx;

  int64_t blocks() const { return blocks_for(maps.count() * maps.pixels()); }

  template <typename Block>
  MINT_HOST_DEVICE void operator()(const Block& block, Shared&) const {
    block.each([&](int thread) {
      const int64_t i = block.index * kBlockThreads + thread;
      if (i >= maps.count() * maps.pixels()) return;
      const int64_t c = i / maps.pixels() % maps.channels;
      const T x = maps.values[i], leak = x > T(0) ? T(1) : maps.slope;
      dx[i] = leak * static_cast<T>(norms[c].scale) *
              (dy[i] - static_cast<T>(channel[c].a) - static_cast<T>(channel[c].b) * (leak * x));
    });
  }
};

}  // namespace mint::perception
