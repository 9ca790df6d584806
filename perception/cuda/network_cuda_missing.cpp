// What is linked when there is no nvcc.
#include "perception/cuda/missing.h"
#include "perception/cuda/network_cuda.h"

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

#define MINT_INSTANTIATE(T)                                                                \
  template void network_block(const NetworkBlock<T>&, void*, void*);                       \
  template void network_tail(const NetworkBlock<T>&, const NetworkTail<T>&, void*, void*); \
  template void network_block_backward(const NetworkBlock<T>&, const T*,                   \
                                       const NetworkBlockGradients<T>&, void*, void*);     \
  template void network_tail_backward(const NetworkBlock<T>&, const NetworkTail<T>&,       \
                                      const KeypointGradients<T>&,                         \
                                      const NetworkBlockGradients<T>&, void*, void*);
MINT_INSTANTIATE(float)
MINT_INSTANTIATE(double)

}  // namespace mint::perception::cuda
