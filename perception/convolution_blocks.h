// Convolutions and transposed convolutions, forward and backward, as programs of thread blocks
// (perception/thread_block.h): direct, a thread per pixel. Float or double, no torch.
//
// As in perception/plane_convolution.h a fine pixel (s i + a - padding, s j + b - padding) meets
// the coarse pixel (i, j) under tap (a, b). One program goes to the coarse side, one to the fine
// side, one takes the gradient of the weight: together they are both kinds of layers in both
// directions.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "perception/channel_norm.h"
#include "perception/convolution_shape.h"
#include "perception/soft_argmax_arithmetic.h"
#include "perception/thread_block.h"

namespace mint::perception {

inline constexpr int kLargestKernel = 5;   // side of the largest kernel
inline constexpr int kThreadChannels = 5;  // channels of a thread's pixel: they share the loads

template <typename T>
MINT_HOST_DEVICE inline MapTransform<T> transform_of(const ChannelNorm& norm, T slope) {
  return {slope, static_cast<T>(norm.scale), static_cast<T>(norm.shift)};
}

// Maps [N, C, height, width] that are read as scale * leaky(x) + shift, or as they are where there
// are no norms [C].
template <typename T>
struct MapInput {
  const T* values = nullptr;
  const ChannelNorm* norms = nullptr;
  T slope = 1;

  MINT_HOST_DEVICE MapTransform<T> transform(int channel) const {
    return norms ? transform_of(norms[channel], slope) : MapTransform<T>{};
  }
};

template <typename T>
MINT_HOST_DEVICE inline T transformed(const MapTransform<T>& map, T x) {
  return map_u(map, leaky(x, map.slope));
}

struct ConvolutionLink {
  int coarse, fine;   // channels
  int height, width;  // of the coarse maps
  int fine_height, fine_width;
  int kernel, stride, padding;
};

// Throws std::invalid_argument if the kernel is larger than kLargestKernel.
inline ConvolutionLink link_of(const ConvolutionShape& shape) {
  if (shape.kernel > kLargestKernel) {
    throw std::invalid_argument("ConvolutionShape: kernel: expected at most " +
                                std::to_string(kLargestKernel) + ", got " +
                                std::to_string(shape.kernel));
  }
  const auto small = [](int64_t n) { return static_cast<int>(n); };
  ConvolutionLink link;
  link.coarse = small(shape.transposed ? shape.in : shape.out);
  link.fine = small(shape.transposed ? shape.out : shape.in);
  link.height = small(shape.transposed ? shape.height : shape.out_height());
  link.width = small(shape.transposed ? shape.width : shape.out_width());
  link.fine_height = small(shape.transposed ? shape.out_height() : shape.height);
  link.fine_width = small(shape.transposed ? shape.out_width() : shape.width);
  link.kernel = small(shape.kernel);
  link.stride = small(shape.stride);
  link.padding = small(shape.padding);
  return link;
}

// What a block of the next two programs works on: kBlockThreads pixels of kThreadChannels channels.
struct ConvolutionTile {
  int64_t image;
  int channel;  // the first one
  int pixel;

  MINT_HOST_DEVICE ConvolutionTile(int64_t block, int pixels, int channels) {
    const int stretches = (pixels + kBlockThreads - 1) / kBlockThreads;
    const int groups = (channels + kThreadChannels - 1) / kThreadChannels;
    image = block / (stretches * groups);
    const int rest = static_cast<int>(block % (stretches * groups));
    channel = rest / stretches * kThreadChannels;
    pixel = rest % stretches * kBlockThreads;
  }
};

inline int64_t tiles_of(int64_t images, int pixels, int channels) {
  return images * ((channels + kThreadChannels - 1) / kThreadChannels) * blocks_for(pixels);
}

// coarse [N, coarse, height, width] = bias + sum over channels and taps of weight * fine.
// weight [coarse, fine, kernel, kernel]; bias [coarse] may be null.
template <typename T>
struct ConvolveToCoarse {
  struct Shared {};

  ConvolutionLink link;
  MapInput<T> fine;
  const T *weight, *bias;
  T* coarse;

  int64_t blocks(int64_t images) const {
    return tiles_of(images, link.height * link.width, link.coarse);
  }

  template <typename Block>
  MINT_HOST_DEVICE void operator()(const Block& block, Shared&) const {
    const int pixels = link.height * link.width, taps = link.kernel * link.kernel;
    const int fine_pixels = link.fine_height * link.fine_width;
    const ConvolutionTile tile(block.index, pixels, link.coarse);
    block.each([&](int thread) {
      const int pixel = tile.pixel + thread;
      if (pixel >= pixels) return;
      const int top = pixel / link.width * link.stride - link.padding;
      const int left = pixel % link.width * link.stride - link.padding;
      T sums[kThreadChannels] = {};
      for (int f = 0; f < link.fine; ++f) {
        const T* map = fine.values + (tile.image * link.fine + f) * fine_pixels;
        const MapTransform<T> transform = fine.transform(f);
        for (int a = 0; a < link.kernel; ++a) {
          const int y = top + a;
          if (y < 0 || y >= link.fine_height) continue;
          for (int b = 0; b < link.kernel; ++b) {
            const int x = left + b;
            if (x < 0 || x >= link.fine_width) continue;
            const T value = transformed(transform, map[y * link.fine_width + x]);
            const T* w = weight + (tile.channel * link.fine + f) * taps + a * link.kernel + b;
            for (int c = 0; c < kThreadChannels; ++c) {
              if (tile.channel + c < link.coarse) sums[c] += w[c * link.fine * taps] * value;
            }
          }
        }
      }
      for (int c = 0; c < kThreadChannels; ++c) {
        const int channel = tile.channel + c;
        if (channel >= link.coarse) break;
        coarse[(tile.image * link.coarse + channel) * pixels + pixel] =
            bias ? sums[c] + bias[channel] : sums[c];
      }
    });
  }
};

// fine [N, fine, fine_height, fine_width] = bias + sum over channels and taps of weight * coarse.
// Pixels of one phase (y mod stride, x mod stride) stand together, so that neighbouring threads
// meet the same taps; there are as many of each phase as of the largest.
template <typename T>
struct ConvolveToFine {
  struct Shared {};

  ConvolutionLink link;
  MapInput<T> coarse;
  const T *weight, *bias;  // bias [fine] may be null
  T* fine;

  MINT_HOST_DEVICE int phase_height() const {
    return (link.fine_height + link.stride - 1) / link.stride;
  }
  MINT_HOST_DEVICE int phase_width() const {
    return (link.fine_width + link.stride - 1) / link.stride;
  }
  MINT_HOST_DEVICE int positions() const {
    return link.stride * link.stride * phase_height() * phase_width();
  }
  int64_t blocks(int64_t images) const { return tiles_of(images, positions(), link.fine); }

  template <typename Block>
  MINT_HOST_DEVICE void operator()(const Block& block, Shared&) const {
    const int pixels = link.height * link.width, taps = link.kernel * link.kernel;
    const int fine_pixels = link.fine_height * link.fine_width;
    const ConvolutionTile tile(block.index, positions(), link.fine);
    block.each([&](int thread) {
      const int position = tile.pixel + thread;
      if (position >= positions()) return;
      const int phase = position / (phase_height() * phase_width());
      const int row = position / phase_width() % phase_height(), column = position % phase_width();
      const int y = row * link.stride + phase / link.stride;
      const int x = column * link.stride + phase % link.stride;
      if (y >= link.fine_height || x >= link.fine_width) return;
      T sums[kThreadChannels] = {};
      for (int c = 0; c < link.coarse; ++c) {
        const T* map = coarse.values + (tile.image * link.coarse + c) * pixels;
        const MapTransform<T> transform = coarse.transform(c);
        for (int a = (y + link.padding) % link.stride; a < link.kernel; a += link.stride) {
          const int i = (y + link.padding - a) / link.stride;
          if (y + link.padding < a || i >= link.height) continue;
          for (int b = (x + link.padding) % link.stride; b < link.kernel; b += link.stride) {
            const int j = (x + link.padding - b) / link.stride;
            if (x + link.padding < b || j >= link.width) continue;
            const T value = transformed(transform, map[i * link.width + j]);
            const T* w = weight + (c * link.fine + tile.channel) * taps + a * link.kernel + b;
            for (int f = 0; f < kThreadChannels; ++f) {
              if (tile.channel + f < link.fine) sums[f] += w[f * taps] * value;
            }
          }
        }
      }
      for (int f = 0; f < kThreadChannels; ++f) {
        const int channel = tile.channel + f;
        if (channel >= link.fine) break;
        fine[(tile.image * link.fine + channel) * fine_pixels + y * link.fine_width + x] =
            bias ? sums[f] + bias[channel] : sums[f];
      }
    });
  }
};

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
