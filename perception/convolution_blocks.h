// Convolutions and transposed convolutions, forward and backward, as programs of thread blocks
// (perception/thread_block.h): direct, a thread per pixel. Float or double, no torch.
//
// As in perception/plane_convolution.h a fine pixel (s i + a - padding, s j + b - padding) meets
// the coarse pixel (i, j) under tap (a, b). One program goes to the coarse side, one to the fine
// side: both kinds of layers, and the gradients of their inputs. Those of the weights are in
// perception/convolution_gradient_blocks.h.
#pragma once

#include <cstdint>

#include "perception/convolution_link.h"
#include "perception/thread_block.h"

namespace mint::perception {

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

}  // namespace mint::perception
