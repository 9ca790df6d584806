// A policy on one keypoint that always takes the same action, whatever it sees.
#pragma once

#include <memory>
#include <string>

#include <torch/torch.h>

#include "agents/policy.h"
#include "tests/training/fake_detector.h"

namespace mint::tests {

class StubbornPolicy : public agents::Policy {
 public:
  explicit StubbornPolicy(int64_t action) : action_(action) {}
  torch::Tensor logits(const agents::Observation& observation) override {
    auto logits = torch::zeros({observation.xy.size(0), 1, 18});
    logits.select(2, action_).fill_(1);
    return logits;
  }
  agents::Losses losses(const agents::Sample&) override { return {}; }
  int64_t history() const override { return 4; }
  int64_t keypoints() const override { return 1; }
  std::string name() const override { return "stubborn"; }

 private:
  int64_t action_;
};

inline std::shared_ptr<FakeDetector> one_keypoint(float active) {
  return std::make_shared<FakeDetector>(torch::zeros({1, 2}), torch::full({1}, active));
}

}  // namespace mint::tests
