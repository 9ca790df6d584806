// Start-up of every program that uses LibTorch, in one place: allocator, threads, warnings.
#pragma once

#include <string>

namespace mint::perception {

// Call once at the top of main, before the first tensor. One intra-op thread, whatever
// OMP_NUM_THREADS says: more are slower here, parallelism is by processes. Large tensors are kept
// by the allocator instead of being mapped afresh each time (a quarter of a training step).
// Warnings of LibTorch and OpenCV are dropped unless `show_warnings`.
void start_runtime(bool show_warnings = false);

// The linear algebra library that this process uses; it decides the speed of everything.
struct BlasReport {
  std::string file;    // shared object that provides sgemm
  std::string config;  // OpenBLAS's own description, empty for other libraries
  bool is_openblas = false;
};
BlasReport blas_report();

// "LibTorch 1.13.1".
std::string torch_version();

}  // namespace mint::perception
