#include "training/plan_choice.h"

#include <utility>
#include <vector>

#include "training/policy_training.h"

namespace mint::training {

int64_t choose_plan(agents::Policy& policy, const PolicyDataset& dataset,
                    const std::string& choice) {
  if (policy.plans() == 0) return -1;
  int64_t best = -1;
  if (choice != "none") {
    const auto accuracy = accuracy_per_plan(policy, dataset);
    // Smaller is better.
    const auto rank = [&](int64_t plan) {
      const int64_t completion = choice == "earliest" ? dataset.completion[plan] : 0;
      return std::make_pair(completion, -accuracy[plan]);
    };
    for (int64_t plan = 0; plan < dataset.plans(); ++plan) {
      if (best < 0 || rank(plan) < rank(best)) best = plan;
    }
  }
  policy.choose_plan(best);
  return best;
}

}  // namespace mint::training
