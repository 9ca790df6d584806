// A loss together with the numbers that a training run logs of it. What every detector's loss
// function returns to code that does not know which detector it trains.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <torch/types.h>

namespace mint::perception {

struct NamedLoss {
  torch::Tensor total;                                // scalar with gradient, to be minimised
  std::vector<std::pair<std::string, double>> terms;  // unweighted parts and "total", for the log
};

}  // namespace mint::perception
