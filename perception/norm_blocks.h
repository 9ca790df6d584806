// What stands between the convolutions of the MINT network, LeakyReLU with batch normalisation,
// both ways as programs of thread blocks (perception/thread_block.h). Float or double, no torch.
// The passes of the CPU are those of leaky_batch_norm_kernels.h.
#pragma once

#include <cmath>
#include <cstdint>

#include "perception/channel_norm.h"
#include "perception/host_device.h"
#include "perception/soft_argmax_arithmetic.h"
#include "perception/thread_block.h"

namespace mint::perception {

// Maps [N, channels, height, width] in front of LeakyReLU and normalisation.
template <typename T>
struct NetworkMaps {
  int64_t images = 0;
  int channels = 0, height = 0, width = 0;
  const T* values = nullptr;
  T slope = 1;

  MINT_HOST_DEVICE int64_t count() const { return images * channels; }
  MINT_HOST_DEVICE int pixels() const { return height * width; }
  MINT_HOST_DEVICE const T* map(int64_t i) const { return values + i * pixels(); }
};

// moments [N, channels] of leaky(x), one block per map.
template <typename T>
struct MeasureMaps {
  struct Shared {
    double sums[2][kBlockThreads];
  };

  NetworkMaps<T> maps;
  Moments* moments;

  int64_t blocks() const { return maps.count(); }

  template <typename Block>
  MINT_HOST_DEVICE void operator()(const Block& block, Shared& shared) const {
    const T* x = maps.map(block.index);
    const int pixels = maps.pixels();
    // An origin near the mean keeps the digits of the variance.
    const T origin = leaky(x[pixels / 2], maps.slope);
    block.each([&](int thread) {
      T first = 0, second = 0;
      for (int i = thread; i < pixels; i += kBlockThreads) {
        const T z = leaky(x[i], maps.slope) - origin;
        first += z;
        second += z * z;
      }
      shared.sums[0][thread] = first;
      shared.sums[1][thread] = second;
    });
    add_up(block, shared.sums);
    block.each([&](int thread) {
      if (thread > 0) return;
      moments[block.index] = moments_of({shared.sums[0][0], shared.sums[1][0]}, origin, pixels);
    });
  }
};

// Parameters of a batch normalisation, each [channels].
template <typename T>
struct NormParameters {
  const T *weight = nullptr, *bias = nullptr;
  T *running_mean = nullptr, *running_variance = nullptr;  // move in training
  double epsilon = 1e-5;
  double momentum = 0.1;  // 1 / (batches so far) for a plain average
  bool is_training = true;
};

// norms [channels] from moments [N, channels] in training, else from the running statistics. One
// thread per channel.
template <typename T>
struct MakeNorms {
  struct Shared {};

  int64_t images;
  int channels;
  NormParameters<T> parameters;
  const Moments* moments;
  ChannelNorm* norms;

  int64_t blocks() const { return blocks_for(channels); }

  MINT_HOST_DEVICE void make(int64_t c) const {
    double mean, variance;
    if (parameters.is_training) {
      Moments sum;
      for (int64_t n = 0; n < images; ++n) sum = joined(sum, moments[n * channels + c]);
      mean = sum.mean;
      variance = sum.variance();
      const double unbiased = sum.count > 1 ? sum.count / (sum.count - 1) : 1;
      move(parameters.running_mean[c], mean);
      move(parameters.running_variance[c], unbiased * variance);
    } else {
      mean = parameters.running_mean[c];
      variance = parameters.running_variance[c];
    }
    const double inverse_std = 1 / std::sqrt(variance + parameters.epsilon);
    const double scale = parameters.weight[c] * inverse_std;
    norms[c] = {mean, inverse_std, scale, parameters.bias[c] - mean * scale};
  }
  MINT_HOST_DEVICE void move(T& statistic, double to) const {
    statistic = static_cast<T>((1 - parameters.momentum) * statistic + parameters.momentum * to);
  }

  template <typename Block>
  MINT_HOST_DEVICE void operator()(const Block& block, Shared&) const {
    block.each([&](int thread) {
      const int64_t c = block.index * kBlockThreads + thread;
      if (c < channels) make(c);
    });
  }
};

}  // namespace mint::perception
