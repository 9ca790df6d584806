// What is linked when there is no nvcc.
#include "perception/cuda/network_cuda.h"

#include "perception/cuda/missing.h"

namespace mint::perception::cuda {

template <typename T>
void network_block(const NetworkBlock<T>&, void*, void*) {
  fail_as_missing();
}

template <typename T>
void network_tail(const NetworkBlock<T>&, const NetworkTail<T>&, void*, void*) {
  fail_as_missing();
}

template <typename T>
void network_block_backward(const NetworkBlock<T>&, const T*, const NetworkBlockGradients<T>&,
                            void*, void*) {
  fail_as_missing();
}

template <typename T>
void network_tail_backward(const NetworkBlock<T>&, const NetworkTail<T>&,
                           const KeypointGradients<T>&, const NetworkBlockGradients<T>&, void*,
                           void*) {
  fail_as_missing();
}

}  // namespace mint::perception::cuda

#include "perception/cuda/network_cuda_instances.inc"
