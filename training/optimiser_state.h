// The state of Adam and AdamW as plain tensors: what torch::save makes of it is a program that
// torch::load runs.
//
//   adam.0.step      int64    updates of parameter 0; absent before the first
//   adam.0.mean      float    moving mean of its gradient
//   adam.0.square    float    moving mean of the gradient's square
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <torch/optim/optimizer.h>
#include <torch/types.h>

namespace mint::training {

using NamedTensors = std::map<std::string, torch::Tensor>;

// Of an optimiser that make_optimiser() made. The tensors share memory with it.
NamedTensors optimiser_state(torch::optim::Optimizer& optimiser);

// Copies a state into an optimiser of the same kind and parameters; other tensors are left alone.
// Throws std::runtime_error `name: expected [25, 3], got [25]`, or `name: missing`.
void load_optimiser_state(torch::optim::Optimizer& optimiser, const NamedTensors& tensors);

// tensors.at(name) if it is there and has this shape; throws as above.
const torch::Tensor& tensor_of(const NamedTensors& tensors, const std::string& name,
                               torch::IntArrayRef shape);

}  // namespace mint::training
