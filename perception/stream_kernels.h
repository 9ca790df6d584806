// The inner loops of all convolutions: products of channels with weights and correlations of
// channels, on long streams of pixels. Raw pointers, no torch.
//
// A convolution becomes a sum of shifted streams when images are stored with rows of a fixed pitch,
// zeros between them and the phases of a stride apart (perception/plane_convolution.h). Then the
// kernels need to know nothing of rows, strides and borders and use whole vectors everywhere.
#pragma once

#include <cstdint>

namespace mint::perception {

// Channels that share the loads of one pass, and shifted streams of one pass of a correlation.
// Numbers of channels are padded to multiples.
inline constexpr int64_t kStreamBlock = 5;
// Positions of a stream are worked on in multiples of this; also the lanes of a stored sum.
inline constexpr int64_t kStreamLanes = 16;

// out[o][p] = bias[o] + sum over terms t of weight[t][o] * in[offsets[t] + p].
struct StreamProduct {
  const float* in = nullptr;
  const int64_t* offsets = nullptr;  // [terms]
  int64_t terms = 0;
  const float* weight = nullptr;  // [blocks of kStreamBlock channels o, terms, kStreamBlock]
  const float* bias = nullptr;    // [channels, padded]
  float* out = nullptr;
  int64_t out_stride = 0;  // floats from one channel o to the next
  int64_t channels = 0;    // o
};

// sums[c][s] += sum over positions p of a[c][p] * b[offsets[s] + p], as 16 partial sums each.
struct StreamCorrelation {
  const float* a = nullptr;
  int64_t a_stride = 0;  // floats from one channel c to the next
  int64_t a_blocks = 0;  // of kStreamBlock channels c
  const float* b = nullptr;
  const int64_t* offsets = nullptr;  // [b_blocks * kStreamBlock]
  int64_t b_blocks = 0;
  float* sums = nullptr;  // [a_blocks, b_blocks, kStreamBlock (c), kStreamBlock (s), kStreamLanes]
};

// All functions take `positions` as a multiple of kStreamLanes. The products are made together, a
// stretch of positions at a time.
struct StreamKernels {
  void (*multiply)(const StreamProduct* products, int64_t count, int64_t positions);
  void (*correlate)(const StreamCorrelation& correlation, int64_t positions);
};

enum class VectorLevel { kPortable, kAvx2, kAvx512 };

// What this processor can run, at most; lower levels always work.
VectorLevel best_vector_level();
// REQUIRES: level <= best_vector_level().
const StreamKernels& stream_kernels(VectorLevel level);

}  // namespace mint::perception
