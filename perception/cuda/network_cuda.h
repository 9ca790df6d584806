// The blocks of the MINT network and its tail on a GPU, forward and backward, without torch: what a
// training step there needs beside perception/cuda/mint_loss_cuda.h. Direct convolutions, a thread
// per pixel; where cuDNN is at hand it is the faster choice for the convolutions before the tail.
//
// Compiled where there is an nvcc. Tests run the same programs in the same order on the CPU
// (perception/network_launches.h) and compare them with the CPU's network. Never run on a GPU yet,
// and nothing calls it: the networks are trained on the CPU.
//
// Pointers are device pointers, `stream` is a cudaStream_t, null the default one; calls return
// before the work is done. `workspace` has network_workspace_bytes() and is aligned as cudaMalloc
// does it. T is float or double. Errors as in perception/cuda/entropy_cuda.h; without nvcc
// everything throws. A kernel larger than kLargestKernel is a std::invalid_argument.
#pragma once

#include "perception/network_launches.h"

namespace mint::perception::cuda {

template <typename T>
int64_t network_workspace_bytes(const NetworkBlock<T>& block) {
  return NetworkWorkspace<T>::bytes(block);
}

// Writes block.maps and block.norms; in training the running statistics move.
template <typename T>
void network_block(const NetworkBlock<T>& block, void* workspace, void* stream);

// The same for the last block, with its keypoints.
template <typename T>
void network_tail(const NetworkBlock<T>& block, const NetworkTail<T>& tail, void* workspace,
                  void* stream);

// dy [N, C, out_height, out_width]: gradient of the normalised maps.
template <typename T>
void network_block_backward(const NetworkBlock<T>& block, const T* dy,
                            const NetworkBlockGradients<T>& gradients, void* workspace,
                            void* stream);

template <typename T>
void network_tail_backward(const NetworkBlock<T>& block, const NetworkTail<T>& tail,
                           const KeypointGradients<T>& keypoints,
                           const NetworkBlockGradients<T>& gradients, void* workspace,
                           void* stream);

}  // namespace mint::perception::cuda
