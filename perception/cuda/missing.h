// For what is linked when there is no nvcc.
#pragma once

#include <stdexcept>
#include <string>

namespace mint::perception::cuda {

inline constexpr const char* kMissing = "this program was built without nvcc";

[[noreturn]] inline void fail_as_missing() {
  throw std::runtime_error(std::string("cuda: expected CUDA kernels, got none: ") + kMissing);
}

}  // namespace mint::perception::cuda
