#include "agents/imagined_actions.h"

#include <stdexcept>
#include <string>
#include <vector>

#include <torch/torch.h>

namespace mint::agents {

torch::Tensor imagine_actions(dynamics::KeypointPredictor& predictor,
                              const Observation& observation) {
  const torch::NoGradGuard no_grad;
  const auto& config = predictor.config();
  if (config.actions == 0) {
    throw std::invalid_argument("imagine_actions: predictor: expected one with actions, got none");
  }
  const int64_t seen = observation.xy.size(1);
  if (seen < config.history) {
    throw std::invalid_argument("imagine_actions: observation: expected at least " +
                                std::to_string(config.history) +
                                " frames (the predictor's history), got " + std::to_string(seen));
  }
  const auto xy = observation.xy.narrow(1, seen - config.history, config.history);
  const auto active = observation.active.narrow(1, seen - config.history, config.history);
  std::vector<torch::Tensor> next;
  for (int64_t action = 0; action < config.actions; ++action) {
    const auto taken = torch::full({xy.size(0)}, action, torch::kInt64);
    next.push_back(predictor.predict(xy, active, taken).select(2, 0));  // [N, K, 2]
  }
  return torch::stack(next, 1);
}

}  // namespace mint::agents
