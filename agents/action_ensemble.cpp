#include "agents/action_ensemble.h"

#include <cmath>

#include <torch/torch.h>

#include "dynamics/require_shape.h"

namespace mint::agents {

torch::Tensor ActionEnsemble::push(const torch::Tensor& logits) {
  torch::NoGradGuard no_grad;
  if (!predictions_.empty()) {
    const auto shape = predictions_.front().sizes();
    dynamics::require_shape("ActionEnsemble.push", "logits", logits, shape[0],
                            shape.slice(1).vec());
  }
  const int64_t chunk = logits.size(1);
  predictions_.push_front(logits.softmax(2));
  if (chunk == 1) {
    predictions_.resize(1);
    return logits.select(1, 0).argmax(1);  // a softmax can round two logits to the same number
  }
  if (static_cast<int64_t>(predictions_.size()) > chunk) predictions_.pop_back();
  torch::Tensor sum = predictions_[0].select(1, 0).clone();
  for (int64_t age = 1; age < static_cast<int64_t>(predictions_.size()); ++age) {
    sum += std::exp(-decay_ * static_cast<double>(age)) * predictions_[age].select(1, age);
  }
  return sum.argmax(1);
}

}  // namespace mint::agents
