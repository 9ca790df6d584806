#include "training/optimiser_state.h"

#include <memory>
#include <stdexcept>
#include <typeinfo>
#include <vector>

#include <torch/torch.h>

#include "training/shape_text.h"

namespace mint::training {

namespace {

std::string name_of(size_t parameter, const char* what) {
  return "adam." + std::to_string(parameter) + "." + what;
}

std::vector<torch::Tensor> parameters_of(const torch::optim::Optimizer& optimiser) {
  std::vector<torch::Tensor> parameters;
  for (const auto& group : optimiser.param_groups()) {
    parameters.insert(parameters.end(), group.params().begin(), group.params().end());
  }
  return parameters;
}

// The key under which LibTorch keeps a parameter's state.
std::string key_of(const torch::Tensor& parameter) {
  return c10::guts::to_string(parameter.unsafeGetTensorImpl());
}

template <class ParamState>
NamedTensors state_of(torch::optim::Optimizer& optimiser) {
  NamedTensors tensors;
  const auto parameters = parameters_of(optimiser);
  for (size_t i = 0; i < parameters.size(); ++i) {
    const auto found = optimiser.state().find(key_of(parameters[i]));
    if (found == optimiser.state().end()) continue;
    const auto& state = static_cast<const ParamState&>(*found->second);
    tensors[name_of(i, "step")] = torch::tensor(state.step());
    tensors[name_of(i, "mean")] = state.exp_avg();
    tensors[name_of(i, "square")] = state.exp_avg_sq();
  }
  return tensors;
}

template <class ParamState>
void load_state(torch::optim::Optimizer& optimiser, const NamedTensors& tensors) {
  optimiser.state().clear();
  const auto parameters = parameters_of(optimiser);
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (tensors.count(name_of(i, "step")) == 0) continue;
    const auto shape = parameters[i].sizes();
    auto state = std::make_unique<ParamState>();
    state->step(tensor_of(tensors, name_of(i, "step"), {}).template item<int64_t>());
    const auto copied = [&](const char* what) {
      return tensor_of(tensors, name_of(i, what), shape)
          .to(parameters[i].options(), /*non_blocking=*/false, /*copy=*/true);
    };
    state->exp_avg(copied("mean"));
    state->exp_avg_sq(copied("square"));
    optimiser.state()[key_of(parameters[i])] = std::move(state);
  }
}

bool is_adamw(const torch::optim::Optimizer& optimiser) {
  return dynamic_cast<const torch::optim::AdamW*>(&optimiser) != nullptr;
}

}  // namespace

NamedTensors optimiser_state(torch::optim::Optimizer& optimiser) {
  return is_adamw(optimiser) ? state_of<torch::optim::AdamWParamState>(optimiser)
                             : state_of<torch::optim::AdamParamState>(optimiser);
}

void load_optimiser_state(torch::optim::Optimizer& optimiser, const NamedTensors& tensors) {
  if (is_adamw(optimiser)) {
    load_state<torch::optim::AdamWParamState>(optimiser, tensors);
  } else {
    load_state<torch::optim::AdamParamState>(optimiser, tensors);
  }
}

const torch::Tensor& tensor_of(const NamedTensors& tensors, const std::string& name,
                               torch::IntArrayRef shape) {
  const auto found = tensors.find(name);
  if (found == tensors.end()) throw std::runtime_error(name + ": missing");
  if (found->second.sizes() != shape) {
    throw std::runtime_error(name + ": expected " + shape_text(shape) + ", got " +
                             shape_text(found->second.sizes()));
  }
  return found->second;
}

}  // namespace mint::training
