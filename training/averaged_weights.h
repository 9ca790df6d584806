// An exponential moving average of a module's parameters (Polyak averaging), evaluated in their
// place.
#pragma once

#include <vector>

#include <torch/nn/module.h>
#include <torch/types.h>

#include "training/optimiser_state.h"

namespace mint::training {

class AveragedWeights {
 public:
  // `module` is borrowed. decay 0: no average, exchange() does nothing.
  AveragedWeights(torch::nn::Module& module, double decay);

  // After every step of the optimiser: average = d average + (1 - d) parameter, where d grows from
  // 0 as (1 + n) / (10 + n) up to `decay`, so that the first weights are soon forgotten. Buffers
  // are taken as they are.
  void update();

  // Swaps the average and the module's parameters; twice is as before.
  void exchange();

  // What a resumed training needs besides the module, while the module has the averages:
  // "last.0", "last.1", ... the weights that training goes on from, "averaged_steps". None without
  // an average. The tensors share memory with it.
  NamedTensors state() const;
  void load(const NamedTensors& state);  // throws std::runtime_error as tensor_of()

 private:
  double decay_;
  int64_t updates_ = 0;
  std::vector<torch::Tensor> parameters_;
  std::vector<torch::Tensor> averages_;
};

}  // namespace mint::training
