// Which plan a decision follows. Demonstrations of one task differ in what they do first; a policy
// that imitates all of them at once averages them and switches between them. A vector per plan (one
// of each demonstration, shared by all that were multiplied out of it) tells the policy which one
// it is imitating, and at test time one is kept for the episode.
#pragma once

#include <cstdint>

#include <ATen/core/Generator.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include "agents/policy.h"
#include "agents/policy_config.h"

namespace mint::agents {

// P vectors and one more for "no plan". With P = 0 there is nothing: no parameters, and
// forward() returns an undefined tensor.
class PlanVariableImpl : public torch::nn::Module {
 public:
  explicit PlanVariableImpl(const PlanConfig& config);

  // The vectors [N, width] of observation.plan, -1 for "no plan"; of the chosen plan where it is
  // undefined. With `noise` (training), each decision is given "no plan" with probability
  // config.dropout. Throws std::invalid_argument for a plan outside of -1..P-1.
  torch::Tensor forward(const Observation& observation, int64_t count, at::Generator* noise);

  // The plan that is followed where none is named, -1 at first. Saved with the weights. Throws
  // std::invalid_argument as above; without effect when P = 0.
  void choose(int64_t plan);

  int64_t plans() const { return config_.plans; }
  int64_t width() const { return config_.plans > 0 ? config_.width : 0; }

 private:
  PlanConfig config_;
  torch::nn::Embedding vectors_{nullptr};  // [P + 1, width], the last is "no plan"
  torch::Tensor chosen_;                   // int64 scalar
};
TORCH_MODULE(PlanVariable);

// How a plan acts on features: y = x (1 + scale) + shift, scale and shift linear in the plan vector
// (FiLM, Perez et al. 2018). With width 0 it is y = x.
class FilmImpl : public torch::nn::Module {
 public:
  FilmImpl(int64_t plan_width, int64_t features);

  // Features [N, .., F] and plan [N, width] (undefined when the width is 0) -> [N, .., F].
  torch::Tensor forward(const torch::Tensor& features, const torch::Tensor& plan);

 private:
  torch::nn::Linear modulation_{nullptr};  // width -> scale, shift
};
TORCH_MODULE(Film);

}  // namespace mint::agents
