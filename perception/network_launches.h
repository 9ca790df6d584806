// One block of the MINT network (convolution, LeakyReLU, normalisation) and the tail that makes
// keypoints of the last one, forward and backward: which programs of thread blocks run on what.
//
// `launch(blocks, program)` runs one after the other: on a stream of a GPU (perception/cuda) or in
// plain loops in the tests, so that both go through the same steps. Pointers are to where the
// programs run. A kernel larger than kLargestKernel is a std::invalid_argument before the first
// launch.
#pragma once

#include <cstdint>

#include "perception/channel_norm.h"
#include "perception/convolution_blocks.h"
#include "perception/convolution_gradient_blocks.h"
#include "perception/convolution_shape.h"
#include "perception/keypoint_blocks.h"
#include "perception/keypoint_gradient_blocks.h"
#include "perception/norm_blocks.h"
#include "perception/norm_gradient_blocks.h"
#include "perception/soft_argmax_arithmetic.h"

namespace mint::perception {

// N images; the convolution takes shape.in channels to shape.out = C.
template <typename T>
struct NetworkBlock {
  ConvolutionShape shape;  // kernels of at most kLargestKernel
  int64_t images = 0;
  MapInput<T> input;  // the maps of the block before with its norms and slope
  const T *weight = nullptr, *bias = nullptr;  // as in perception/plane_convolution.h
  NormParameters<T> norm;
  T slope = 1;
  T* maps = nullptr;             // out: [N, C, out_height, out_width] of the convolution
  ChannelNorm* norms = nullptr;  // out: [C]
};

// Out, for the last block: K = C.
template <typename T>
struct NetworkTail {
  MapMoments<T>* moments = nullptr;            // [N, K]
  T *coords = nullptr, *activation = nullptr;  // [N, K, 2], [N, K]
};

// Out, each as what it is the gradient of.
template <typename T>
struct NetworkBlockGradients {
  T* input = nullptr;  // of the normalised maps that the convolution reads; null if not wanted
  T *weight = nullptr, *bias = nullptr, *norm_weight = nullptr, *norm_bias = nullptr;
};

// Memory that a block needs besides: overwritten by both directions, kept by none.
template <typename T>
struct NetworkWorkspace {
  NetworkWorkspace(const NetworkBlock<T>& block, void* memory) {
    const int64_t maps = block.images * block.shape.out;
    moments = static_cast<Moments*>(memory);
    sums = reinterpret_cast<ChannelSums*>(moments + maps);
    gradients = reinterpret_cast<NormGradient*>(sums + maps);
    dy = reinterpret_cast<T*>(gradients + block.shape.out);
  }
  static int64_t bytes(const NetworkBlock<T>& block) {
    const int64_t maps = block.images * block.shape.out;
    const int64_t pixels = block.shape.out_height() * block.shape.out_width();
    return maps * int64_t{sizeof(Moments) + sizeof(ChannelSums)} +
           block.shape.out * int64_t{sizeof(NormGradient)} + maps * pixels * int64_t{sizeof(T)};
  }

  Moments* moments;         // [N, C]
  ChannelSums* sums;        // [N, C]
  NormGradient* gradients;  // [C]
  T* dy;                    // [N, C, out_height, out_width]
};

template <typename T>
NetworkMaps<T> maps_of(const NetworkBlock<T>& block) {
  return {block.images,
          static_cast<int>(block.shape.out),
          static_cast<int>(block.shape.out_height()),
          static_cast<int>(block.shape.out_width()),
          block.maps,
          block.slope};
}

template <typename Launch, typename T>
void launch_block(const Launch& launch, const NetworkBlock<T>& block,
                  const NetworkWorkspace<T>& work) {
  const ConvolutionLink link = link_of(block.shape);
  if (block.shape.transposed) {
    const ConvolveToFine<T> convolve{link, block.input, block.weight, block.bias, block.maps};
    launch(convolve.blocks(block.images), convolve);
  } else {
    const ConvolveToCoarse<T> convolve{link, block.input, block.weight, block.bias, block.maps};
    launch(convolve.blocks(block.images), convolve);
  }
  const NetworkMaps<T> maps = maps_of(block);
  if (block.norm.is_training) {
    const MeasureMaps<T> measure{maps, work.moments};
    launch(measure.blocks(), measure);
  }
  const MakeNorms<T> norms{maps.images, maps.channels, block.norm, work.moments, block.norms};
  launch(norms.blocks(), norms);
}

template <typename Launch, typename T>
void launch_tail(const Launch& launch, const NetworkBlock<T>& block, const NetworkTail<T>& tail,
                 const NetworkWorkspace<T>& work) {
  launch_block(launch, block, work);
  const FindKeypoints<T> find{maps_of(block), block.norms, tail.moments, tail.coords,
                              tail.activation};
  launch(find.blocks(), find);
}

// Of the convolution alone, from work.dy. `link` is that of block.shape.
template <typename Launch, typename T>
void launch_convolution_backward(const Launch& launch, const ConvolutionLink& link,
                                 const NetworkBlock<T>& block,
                                 const NetworkBlockGradients<T>& gradients,
                                 const NetworkWorkspace<T>& work) {
  const MapInput<T> dy{work.dy};
  const NetworkMaps<T> maps = maps_of(block);
  const bool transposed = block.shape.transposed;
  const CorrelateMaps<T> correlate{link, block.images, transposed ? block.input : dy,
                                   transposed ? dy : block.input, gradients.weight};
  launch(correlate.blocks(), correlate);
  const SumChannels<T> bias{maps.images, maps.channels, maps.pixels(), work.dy, gradients.bias};
  launch(bias.blocks(), bias);
  if (!gradients.input) return;
  if (transposed) {
    const ConvolveToCoarse<T> back{link, dy, block.weight, nullptr, gradients.input};
    launch(back.blocks(block.images), back);
  } else {
    const ConvolveToFine<T> back{link, dy, block.weight, nullptr, gradients.input};
    launch(back.blocks(block.images), back);
  }
}

// After launch_block, from the gradient dy [N, C, out_height, out_width] of the normalised maps.
template <typename Launch, typename T>
void launch_block_backward(const Launch& launch, const NetworkBlock<T>& block, const T* dy,
                           const NetworkBlockGradients<T>& gradients,
                           const NetworkWorkspace<T>& work) {
  const ConvolutionLink link = link_of(block.shape);
  const NetworkMaps<T> maps = maps_of(block);
  const SumMapGradients<T> sum{maps, dy, work.sums};
  launch(sum.blocks(), sum);
  const MakeNormGradients<T> norms{maps,          block.norm.is_training, block.norms,
                                   work.sums,     gradients.norm_weight,  gradients.norm_bias,
                                   work.gradients};
  launch(norms.blocks(), norms);
  const SpreadMapGradients<T> spread{maps, block.norms, work.gradients, dy, work.dy};
  launch(spread.blocks(), spread);
  launch_convolution_backward(launch, link, block, gradients, work);
}

// After launch_tail, from the gradients of the keypoints.
template <typename Launch, typename T>
void launch_tail_backward(const Launch& launch, const NetworkBlock<T>& block,
                          const NetworkTail<T>& tail, const KeypointGradients<T>& keypoints,
                          const NetworkBlockGradients<T>& gradients,
                          const NetworkWorkspace<T>& work) {
  const ConvolutionLink link = link_of(block.shape);
  const NetworkMaps<T> maps = maps_of(block);
  const SumKeypointGradients<T> sum{maps.count(), keypoints, tail.moments, work.sums};
  launch(sum.blocks(), sum);
  const MakeNormGradients<T> norms{maps,          block.norm.is_training, block.norms,
                                   work.sums,     gradients.norm_weight,  gradients.norm_bias,
                                   work.gradients};
  launch(norms.blocks(), norms);
  const SpreadKeypointGradients<T> spread{maps,         block.norms, work.gradients,
                                          tail.moments, keypoints,   work.dy};
  launch(spread.blocks(), spread);
  launch_convolution_backward(launch, link, block, gradients, work);
}

}  // namespace mint::perception
