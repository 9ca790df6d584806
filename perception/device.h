// Where the entropy layer computes.
#pragma once

#include <string>

namespace mint::perception {

enum class Device { kCpu, kCuda };

// "auto" (CUDA when its kernels are compiled in and there is a GPU), "cpu" or "cuda". Throws
// std::invalid_argument for another name, and for "cuda" where it cannot be used, saying why.
Device resolve_device(const std::string& name);

// For people: whether the CUDA kernels are compiled in, for what, and which GPU answers.
std::string describe_cuda_kernels();

}  // namespace mint::perception
