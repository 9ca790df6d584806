// What is linked when there is no nvcc.
#include <stdexcept>

#include "perception/cuda/entropy_cuda.h"

namespace mint::perception::cuda {
namespace {

constexpr const char* kMissing = "this program was built without nvcc";

[[noreturn]] void fail() {
  throw std::runtime_error(std::string("cuda: expected CUDA kernels, got none: ") + kMissing);
}

}  // namespace

Status status() {
  Status status;
  status.detail = kMissing;
  return status;
}

int64_t workspace_bytes(const EntropyBatch&) {
  fail();
}

void entropy_images(const EntropyBatch&, const RegionEntropyView&, const uint8_t*, void*, float*,
                    void*) {
  fail();
}

void entropy_images_of_host(const EntropyBatch&, const RegionEntropyView&, const uint8_t*, float*) {
  fail();
}

template <typename T>
void kde_entropies(int64_t, const KdeShape&, T, const T*, void*, T*, void*) {
  fail();
}

template <typename T>
void kde_gradient(int64_t, const KdeShape&, T, const T*, const T*, void*, T*, void*) {
  fail();
}

template <typename T>
void kde_of_host(int64_t, const KdeShape&, T, const T*, const T*, T*) {
  fail();
}

#define MINT_INSTANTIATE(T)                                                                      \
  template void kde_entropies(int64_t, const KdeShape&, T, const T*, void*, T*, void*);          \
  template void kde_gradient(int64_t, const KdeShape&, T, const T*, const T*, void*, T*, void*); \
  template void kde_of_host(int64_t, const KdeShape&, T, const T*, const T*, T*);
MINT_INSTANTIATE(float)
MINT_INSTANTIATE(double)

}  // namespace mint::perception::cuda
