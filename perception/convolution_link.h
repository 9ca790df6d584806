// What the programs of convolutions (perception/convolution_blocks.h) share: how fine and coarse
// pixels meet, and which of them a block of threads works on. Float or double, no torch.
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

}  // namespace mint::perception
