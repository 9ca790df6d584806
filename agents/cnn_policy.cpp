#include "agents/cnn_policy.h"

#include <stdexcept>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "agents/evaluation_mode.h"
#include "agents/row_by_row.h"
#include "dynamics/initialise.h"
#include "dynamics/require_shape.h"

namespace mint::agents {
namespace {

using torch::Tensor;

constexpr int64_t kFeatures = 256, kMaps = 128, kHalvings = 4;

// Convolution, ReLU, batch normalisation: `outputs` maps of the size of the input over `stride`.
void append_convolution(torch::nn::Sequential& layers, int64_t inputs, int64_t outputs,
                        int64_t kernel, int64_t stride, bool bias) {
  const auto options = torch::nn::Conv2dOptions(inputs, outputs, kernel)
                           .stride(stride)
                           .padding(kernel / 2)
                           .bias(bias);
  const std::string number = std::to_string(layers->size() / 3 + 1);
  layers->push_back("convolution" + number, torch::nn::Conv2d(options));
  layers->push_back("relu" + number, torch::nn::ReLU());
  layers->push_back("norm" + number, torch::nn::BatchNorm2d(outputs));
}

}  // namespace

CnnPolicy::CnnPolicy(const CnnPolicyConfig& config, uint64_t seed)
    : config_(config),
      noise_(seed, register_buffer("augmentations", torch::zeros({}, torch::kInt64))) {
  validate(config);
  append_convolution(convolutions_, 3 * config.history, 64, /*kernel=*/5, /*stride=*/1, true);
  int64_t side = config.frame_size;
  for (int64_t i = 0; i < kHalvings; ++i) {
    append_convolution(convolutions_, i == 0 ? 64 : kMaps, kMaps, 3, 2, /*bias=*/false);
    side = (side + 1) / 2;
  }
  plan_ = register_module("plan", PlanVariable(config.plan));
  register_module("convolutions", convolutions_);
  features_ = register_module("features", torch::nn::Linear(kMaps * side * side, kFeatures));
  film_ = register_module("film", Film(plan_->width(), kFeatures));
  if (config.form == "paper") {
    published_ = register_module("published", PublishedLayers(kFeatures));
    head_ = register_module("head", ActionHead(PublishedLayersImpl::kOutputs, config.head));
  } else {
    hidden_ = register_module("hidden", torch::nn::Linear(kFeatures, kFeatures));
    head_ = register_module("head", ActionHead(kFeatures, config.head));
  }
  at::Generator generator = at::detail::createCPUGenerator(seed);
  dynamics::initialise(*this, generator);
}

Tensor CnnPolicy::logits(const Observation& observation) {
  check("CnnPolicy.logits", observation.frames);
  const EvaluationMode evaluation(*this);  // batch normalisation
  return row_by_row(observation, [this](const Observation& alone) {
    return head_->log_probabilities(scores(alone, /*noise=*/nullptr));
  });
}

Losses CnnPolicy::losses(const Sample& sample) {
  check("CnnPolicy.losses", sample.observation.frames);
  dynamics::require_shape("CnnPolicy.losses", "actions", sample.actions,
                          sample.observation.frames.size(0), {chunk()});
  Tensor found;
  if (is_training()) {
    at::Generator generator = noise_.next();
    Observation shifted = sample.observation;
    shifted.frames = shifted_at_random(shifted.frames, config_.shift_px, generator);
    found = scores(shifted, &generator);
  } else {
    found = scores(sample.observation, /*noise=*/nullptr);
  }
  const Tensor action = head_->loss(found, sample.actions, sample.weight);
  return {{"action", action}, {"total", action}};
}

Tensor CnnPolicy::scores(const Observation& observation, at::Generator* noise) {
  const Tensor plan = plan_->forward(observation, observation.frames.size(0), noise);
  const Tensor pixels =  // [N, 3T, S, S], the oldest frame first, in [-0.5, 0.5]
      observation.frames.flatten(1, 2).to(features_->weight.scalar_type()).div_(255).sub_(0.5);
  const Tensor maps = convolutions_->forward(pixels);
  const Tensor features = film_->forward(torch::relu(features_->forward(maps.flatten(1))), plan);
  if (published_) return head_->forward(published_->forward(features));
  return head_->forward(torch::gelu(hidden_->forward(features)));
}

void CnnPolicy::check(const std::string& where, const Tensor& frames) const {
  dynamics::require_shape(where, "frames", frames, -1,
                          {config_.history, 3, config_.frame_size, config_.frame_size});
  if (frames.scalar_type() == torch::kUInt8) return;
  throw std::invalid_argument(where + ": frames: expected bytes, got " +
                              torch::toString(frames.scalar_type()));
}

Tensor shifted_at_random(const Tensor& frames, int64_t most, at::Generator& generator) {
  if (most == 0) return frames;
  const int64_t count = frames.size(0), side = frames.size(-1);
  const Tensor offsets = torch::randint(-most, most + 1, {count, 2, 1}, generator, torch::kInt64);
  const Tensor sources =  // of every row and column, [N, 2, S]
      (torch::arange(side) + offsets).clamp_(0, side - 1).to(frames.device());
  std::vector<Tensor> shifted;
  for (int64_t n = 0; n < count; ++n) {
    shifted.push_back(frames[n].index_select(2, sources[n][0]).index_select(3, sources[n][1]));
  }
  return torch::stack(shifted);
}

}  // namespace mint::agents
