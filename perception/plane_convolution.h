// Convolutions and transposed convolutions of whole batches on the CPU, forward and backward,
// float32: raw pointers, no torch, threads of perception/threads.h.
//
// Every layer of the network links a fine image to a coarse one: fine pixel (s i + a - padding,
// s j + b - padding) meets coarse pixel (i, j) under tap (a, b) of the kernel. A convolution reads
// the fine image, a transposed one writes it. The fine image is cut into its s x s phases, all rows
// get one pitch with zeros at their end, and a tap becomes a shift of a stream of pixels
// (perception/stream_kernels.h): no wasted lanes at the ends of rows, no scatter, any stride.
//
// Maps are handed over one by one, by functions: what comes before (normalisation, gradient of an
// activation) writes a map where it is used, and what comes after (statistics) reads it while it is
// still in the cache. Results do not depend on the number of threads.
#pragma once

#include <cstdint>
#include <functional>

#include "perception/convolution_shape.h"
#include "perception/stream_kernels.h"

namespace mint::perception {

// Writes map `channel` of image `image`, all its pixels. Several threads call it at a time, with
// different images.
using MapReader = std::function<void(int64_t image, int64_t channel, float* map)>;
// Is given a finished map. Several threads call it at a time, with different images. May be empty.
using MapVisitor = std::function<void(int64_t image, int64_t channel, const float* map)>;

// x: maps [height, width] -> y [images, out, out_height, out_width]. weight [out, in, k, k], or
// [in, out, k, k] if transposed (as the library has them), bias [out].
void convolve(const ConvolutionShape& shape, int64_t images, const MapReader& x,
              const float* weight, const float* bias, float* y, const MapVisitor& visit_y,
              VectorLevel level = best_vector_level());

struct ConvolutionGradients {
  float* x = nullptr;       // [images, in, height, width], or null if not wanted
  float* weight = nullptr;  // as weight
  float* bias = nullptr;    // [out]
};

// dy: maps [out_height, out_width] of the gradient of y. Overwrites the gradients.
void convolve_backward(const ConvolutionShape& shape, int64_t images, const MapReader& x,
                       const MapReader& dy, const float* weight,
                       const ConvolutionGradients& gradients, const MapVisitor& visit_dx,
                       VectorLevel level = best_vector_level());

}  // namespace mint::perception
