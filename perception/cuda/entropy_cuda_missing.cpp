// What is linked when there is no nvcc.
#include "perception/cuda/entropy_cuda.h"

#include "perception/cuda/missing.h"

namespace mint::perception::cuda {

Status status() {
  Status status;
  status.detail = kMissing;
  return status;
}

int64_t workspace_bytes(const EntropyBatch&) {
  fail_as_missing();
}

void entropy_images(const EntropyBatch&, const RegionEntropyView&, const uint8_t*, void*, float*,
                    void*) {
  fail_as_missing();
}

void entropy_images_of_host(const EntropyBatch&, const RegionEntropyView&, const uint8_t*, float*) {
  fail_as_missing();
}

template <typename T>
void kde_entropies(int64_t, const KdeShape&, T, const T*, void*, T*, void*) {
  fail_as_missing();
}

template <typename T>
void kde_gradient(int64_t, const KdeShape&, T, const T*, const T*, void*, T*, void*) {
  fail_as_missing();
}

template <typename T>
void kde_of_host(int64_t, const KdeShape&, T, const T*, const T*, T*) {
  fail_as_missing();
}

}  // namespace mint::perception::cuda

#include "perception/cuda/entropy_cuda_instances.inc"
