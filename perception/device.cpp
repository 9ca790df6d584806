#include "perception/device.h"

#include <stdexcept>

#include "perception/cuda/entropy_cuda.h"

namespace mint::perception {

Device resolve_device(const std::string& name) {
  if (name == "cpu") return Device::kCpu;
  if (name != "auto" && name != "cuda") {
    throw std::invalid_argument("device: expected auto, cpu or cuda, got \"" + name + "\"");
  }
  const cuda::Status status = cuda::status();
  if (status.has_gpu) return Device::kCuda;
  if (name == "auto") return Device::kCpu;
  throw std::invalid_argument("device: expected a CUDA GPU, got none: " + status.detail +
                              "; use device=cpu");
}

std::string describe_cuda_kernels() {
  const cuda::Status status = cuda::status();
  if (!status.is_compiled) return "kernels not compiled";
  return std::string("kernels compiled for ") + status.architectures +
         (status.has_gpu ? ", GPU: " : ", no GPU: ") + status.detail;
}

}  // namespace mint::perception
