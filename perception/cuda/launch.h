// What all .cu files share: errors of CUDA and launches on a stream. For nvcc only.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>
#include <stdexcept>
#include <string>

#include "perception/thread_block.h"

namespace mint::perception::cuda {

inline void check(cudaError_t error, const char* call) {
  if (error == cudaSuccess) return;
  throw std::runtime_error(std::string("cuda: ") + call + ": expected success, got " +
                           cudaGetErrorString(error));
}

// A block of a program (perception/thread_block.h) on the GPU.
struct CudaBlock {
  int64_t index;

  template <typename Phase>
  MINT_HOST_DEVICE void each(const Phase& phase) const {
#if defined(__CUDA_ARCH__)
    phase(static_cast<int>(threadIdx.x));
    __syncthreads();
#else
    (void)phase;
#endif
  }
};

template <typename Program>
__global__ void __launch_bounds__(kBlockThreads) run_block(const Program program) {
  __shared__ typename Program::Shared shared;
  program(CudaBlock{static_cast<int64_t>(blockIdx.x)}, shared);
}

// Launches programs one after the other. Errors carry `call`.
struct StreamLaunch {
  cudaStream_t stream;
  const char* call;

  template <typename Program>
  void operator()(int64_t blocks, const Program& program) const {
    if (blocks < 1) return;
    run_block<<<static_cast<unsigned int>(blocks), kBlockThreads, 0, stream>>>(program);
    check(cudaGetLastError(), call);
  }
};

}  // namespace mint::perception::cuda
