#include "agents/action_ensemble.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/support/error_of.h"

namespace mint::tests {
namespace {

using agents::ActionEnsemble;
using torch::Tensor;

// Logits [1, steps, 2] of these probabilities of action 1.
Tensor logits_of(const std::vector<double>& probabilities) {
  const Tensor second = torch::tensor(probabilities, torch::kFloat64);
  return torch::stack({1 - second, second}, 1).log().unsqueeze(0);
}

TEST(ActionEnsemble, TakesTheMostProbableActionOfASingleStep) {
  ActionEnsemble ensemble(0.15);
  torch::manual_seed(1);
  for (int step = 0; step < 3; ++step) {
    const Tensor logits = torch::randn({5, 1, 18});

    EXPECT_TRUE(torch::equal(ensemble.push(logits), logits.argmax(2).squeeze(1)));
  }
}

TEST(ActionEnsemble, AveragesWhatAllPredictionsSayOfThePresentStep) {
  ActionEnsemble ensemble(0);

  EXPECT_EQ(ensemble.push(logits_of({0.1, 0.9, 0.9})).item<int64_t>(), 0);
  // 0.3 now and 0.9 from the step before: 1.2 of 2.
  EXPECT_EQ(ensemble.push(logits_of({0.3, 0.2, 0.1})).item<int64_t>(), 1);
  // 0.8, 0.2 and 0.9: 1.9 of 3.
  EXPECT_EQ(ensemble.push(logits_of({0.8, 0.6, 0.1})).item<int64_t>(), 1);
  // The first prediction is used up: 0.1, 0.6 and 0.1.
  EXPECT_EQ(ensemble.push(logits_of({0.1, 0.6, 0.1})).item<int64_t>(), 0);
}

TEST(ActionEnsemble, TrustsOldPredictionsLess) {
  ActionEnsemble ensemble(/*decay=*/std::log(4.0));
  ensemble.push(logits_of({0.5, 0.9}));

  // (0.4 + 0.9 / 4) / 1.25 = 0.5 exactly; a little to either side.
  EXPECT_EQ(ensemble.push(logits_of({0.39, 0.9})).item<int64_t>(), 0);
  EXPECT_EQ(ensemble.push(logits_of({0.41, 0.9})).item<int64_t>(), 1);
}

TEST(ActionEnsemble, ForgetsAtTheStartOfAnEpisode) {
  ActionEnsemble ensemble(0);
  ensemble.push(logits_of({0.1, 0.9}));

  ensemble.reset();

  EXPECT_EQ(ensemble.push(logits_of({0.3, 0.2})).item<int64_t>(), 0);
}

TEST(ActionEnsemble, KeepsItsRowsApart) {
  ActionEnsemble together(0.15), alone(0.15);
  torch::manual_seed(1);
  for (int step = 0; step < 6; ++step) {
    const Tensor logits = torch::randn({7, 4, 18});

    const Tensor actions = together.push(logits);

    EXPECT_EQ(alone.push(logits.narrow(0, 3, 1)).item<int64_t>(), actions[3].item<int64_t>());
  }
}

TEST(ActionEnsemble, RejectsAnotherNumberOfEpisodes) {
  ActionEnsemble ensemble(0.15);
  ensemble.push(torch::zeros({2, 4, 18}));

  EXPECT_EQ(error_of([&] {
              ensemble.push(torch::zeros({3, 4, 18}));
            }),
            "ActionEnsemble.push: logits: expected [2, 4, 18], got [3, 4, 18]");
}

}  // namespace
}  // namespace mint::tests
