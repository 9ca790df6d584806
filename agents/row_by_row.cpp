#include "agents/row_by_row.h"

#include <vector>

#include <torch/torch.h>

namespace mint::agents {

torch::Tensor row_by_row(const Observation& observation,
                         const std::function<torch::Tensor(const Observation&)>& decide) {
  const auto count = (observation.xy.defined() ? observation.xy : observation.frames).size(0);
  std::vector<torch::Tensor> rows;
  for (int64_t n = 0; n < count; ++n) {
    const auto row = [n](const torch::Tensor& all) {
      return all.defined() ? all.narrow(0, n, 1) : all;
    };
    rows.push_back(decide({row(observation.xy), row(observation.active), row(observation.frames),
                           row(observation.plan)}));
  }
  return torch::cat(rows);
}

}  // namespace mint::agents
