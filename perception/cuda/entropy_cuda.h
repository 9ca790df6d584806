// The entropy layer on a GPU, both forms, without torch: raw pointers and a stream. Every thread
// runs the functions of entropy_arithmetic.h, entropy_pixels.h and entropy_kde_arithmetic.h, which
// the tests of the CPU compare with the CPU layer.
//
// In a build without nvcc everything here but status() throws. Errors of CUDA are
// std::runtime_error: "cuda: <call>: expected success, got <reason>". `stream` is a cudaStream_t,
// null the default one. Calls that take a stream return before the work is done.
#pragma once

#include <cstdint>
#include <string>

#include "perception/entropy_kde_arithmetic.h"
#include "perception/entropy_pixels.h"

namespace mint::perception::cuda {

struct Status {
  bool is_compiled = false;
  const char* architectures = "";  // those that machine code was made for
  bool has_gpu = false;
  std::string detail;  // the GPU's name, or why there is none
};

Status status();

struct EntropyBatch {
  int64_t images, channels;
  GridShape grid;
  bool is_narrow;  // images narrower than kNarrowWidth are sharpened
  int64_t region;  // R, odd
};

// Bytes of device memory that entropy_images needs besides its arguments.
int64_t workspace_bytes(const EntropyBatch& batch);

// Device pointers: images uint8 [N, C, H, W] -> entropy [N, HH, WW]. `table` holds increments for
// C R^2 samples in host memory.
void entropy_images(const EntropyBatch& batch, const RegionEntropyView& table,
                    const uint8_t* images, void* workspace, float* entropy, void* stream);

// The same from and to host memory; waits for the result.
void entropy_images_of_host(const EntropyBatch& batch, const RegionEntropyView& table,
                            const uint8_t* images, float* entropy);

// Bytes of device memory that one of the next two needs; their images go one after the other.
template <typename T>
int64_t kde_workspace_bytes(const KdeShape& shape) {
  return 2 * kKdeBins * shape.height * shape.width * static_cast<int64_t>(sizeof(T));
}

// Device pointers: image [N, C, H, W] -> entropy [N, H, W]. T is float or double.
template <typename T>
void kde_entropies(int64_t images, const KdeShape& shape, T bandwidth, const T* image,
                   void* workspace, T* entropy, void* stream);

// Device pointers: gradient [N, H, W] of the entropy -> image_gradient [N, C, H, W].
template <typename T>
void kde_gradient(int64_t images, const KdeShape& shape, T bandwidth, const T* image,
                  const T* gradient, void* workspace, T* image_gradient, void* stream);

// From and to host memory; `gradient` null: forward into `out` [N, H, W], else backward into `out`
// [N, C, H, W].
template <typename T>
void kde_of_host(int64_t images, const KdeShape& shape, T bandwidth, const T* image,
                 const T* gradient, T* out);

}  // namespace mint::perception::cuda
