// The gradients of a convolution's weight and bias as programs of thread blocks
// (perception/thread_block.h), for both kinds of layers. Float or double, no torch.
#pragma once

#include <cstdint>

#include "perception/convolution_link.h"
#include "perception/thread_block.h"

namespace mint::perception {

// gradient [coarse, fine, kernel, kernel] = sum over images and pixels of coarse * fine under each
// tap. One block per coarse channel, fine channel and row of the kernel.
template <typename T>
struct CorrelateMaps {
  struct Shared {
    double sums[kLargestKernel][kBlockThreads];
  };

  ConvolutionLink link;
  int64_t images;
  MapInput<T> coarse, fine;
  T* gradient;

  int64_t blocks() const { return int64_t{link.coarse} * link.fine * link.kernel; }

  template <typename Block>
  MINT_HOST_DEVICE void operator()(const Block& block, Shared& shared) const {
    const int a = static_cast<int>(block.index % link.kernel);
    const int f = static_cast<int>(block.index / link.kernel % link.fine);
    const int c = static_cast<int>(block.index / link.kernel / link.fine);
    const MapTransform<T> of_coarse = coarse.transform(c), of_fine = fine.transform(f);
    const int pixels = link.height * link.width;
    block.each([&](int thread) {
      double all[kLargestKernel] = {};
      for (int64_t n = 0; n < images; ++n) {
        const T* coarse_map = coarse.values + (n * link.coarse + c) * pixels;
        const T* fine_map = fine.values + (n * link.fine + f) * link.fine_height * link.fine_width;
        T sums[kLargestKernel] = {};
        for (int i = thread; i < pixels; i += kBlockThreads) {
          const int y = i / link.width * link.stride + a - link.padding;
          const int left = i % link.width * link.stride - link.padding;
          if (y < 0 || y >= link.fine_height) continue;
          const T value = transformed(of_coarse, coarse_map[i]);
          for (int b = 0; b < kLargestKernel; ++b) {
            const int x = left + b;
            if (b >= link.kernel || x < 0 || x >= link.fine_width) continue;
            sums[b] += value * transformed(of_fine, fine_map[y * link.fine_width + x]);
          }
        }
        for (int b = 0; b < kLargestKernel; ++b) all[b] += sums[b];
      }
      for (int b = 0; b < kLargestKernel; ++b) shared.sums[b][thread] = all[b];
    });
    add_up(block, shared.sums);
    block.each([&](int thread) {
      if (thread >= link.kernel) return;
      gradient[((int64_t{c} * link.fine + f) * link.kernel + a) * link.kernel + thread] =
          static_cast<T>(shared.sums[thread][0]);
    });
  }
};

// sums [C] of maps [N, C, pixels]: the gradient of a bias. One block per channel.
template <typename T>
struct SumChannels {
  struct Shared {
    double sums[1][kBlockThreads];
  };

  int64_t images;
  int channels, pixels;
  const T* maps;
  T* sums;

  int64_t blocks() const { return channels; }

  template <typename Block>
  MINT_HOST_DEVICE void operator()(const Block& block, Shared& shared) const {
    block.each([&](int thread) {
      double all = 0;
      for (int64_t n = 0; n < images; ++n) {
        const T* map = maps + (n * channels + block.index) * pixels;
        T sum = 0;
        for (int i = thread; i < pixels; i += kBlockThreads) sum += map[i];
        all += sum;
      }
      shared.sums[0][thread] = all;
    });
    add_up(block, shared.sums);
    block.each([&](int thread) {
      if (thread == 0) sums[block.index] = static_cast<T>(shared.sums[0][0]);
    });
  }
};

}  // namespace mint::perception
