// Checks of what comes from outside.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <torch/types.h>

namespace mint::dynamics {

// Throws std::invalid_argument unless `tensor` is [N, expected...], with any N of at least 1 when
// `count` is -1: "InteractionPolicy.logits: xy: expected [N, 4, 25, 2], got [2, 4, 20, 2]".
void require_shape(const std::string& where, const char* what, const torch::Tensor& tensor,
                   int64_t count, const std::vector<int64_t>& expected);

}  // namespace mint::dynamics
