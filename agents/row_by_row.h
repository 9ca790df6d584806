// Decisions that do not depend on how many are made at once: a matrix product's rounding depends on
// its number of rows, so each is computed alone.
#pragma once

#include <functional>

#include <torch/types.h>

#include "agents/policy.h"

namespace mint::agents {

// `decide` maps an observation of one decision to [1, ...]; returns [N, ...].
torch::Tensor row_by_row(const Observation& observation,
                         const std::function<torch::Tensor(const Observation&)>& decide);

}  // namespace mint::agents
