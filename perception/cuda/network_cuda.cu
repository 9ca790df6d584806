#include "perception/cuda/network_cuda.h"

#include "perception/cuda/launch.h"

namespace mint::perception::cuda {
namespace {

StreamLaunch on(void* stream, const char* call) {
  return {static_cast<cudaStream_t>(stream), call};
}

}  // namespace

template <typename T>
void network_block(const NetworkBlock<T>& block, void* workspace, void* stream) {
  launch_block(on(stream, "network_block"), block, NetworkWorkspace<T>(block, workspace));
}

template <typename T>
void network_tail(const NetworkBlock<T>& block, const NetworkTail<T>& tail, void* workspace,
                  void* stream) {
  launch_tail(on(stream, "network_tail"), block, tail, NetworkWorkspace<T>(block, workspace));
}

template <typename T>
void network_block_backward(const NetworkBlock<T>& block, const T* dy,
                            const NetworkBlockGradients<T>& gradients, void* workspace,
                            void* stream) {
  launch_block_backward(on(stream, "network_block_backward"), block, dy, gradients,
                        NetworkWorkspace<T>(block, workspace));
}

template <typename T>
void network_tail_backward(const NetworkBlock<T>& block, const NetworkTail<T>& tail,
                           const KeypointGradients<T>& keypoints,
                           const NetworkBlockGradients<T>& gradients, void* workspace,
                           void* stream) {
  launch_tail_backward(on(stream, "network_tail_backward"), block, tail, keypoints, gradients,
                       NetworkWorkspace<T>(block, workspace));
}

}  // namespace mint::perception::cuda

#include "perception/cuda/network_cuda_instances.inc"
