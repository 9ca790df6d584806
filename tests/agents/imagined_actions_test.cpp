#include "agents/imagined_actions.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/support/error_of.h"

namespace mint::agents {
namespace {

dynamics::KeypointPredictorConfig acting(int64_t actions) {
  dynamics::KeypointPredictorConfig config;
  config.keypoints = 3;
  config.history = 2;
  config.horizons = 1;
  config.actions = actions;
  config.hidden = config.effect = 8;
  return config;
}

Observation seen(int64_t frames) {
  torch::manual_seed(1);
  Observation observation;
  observation.xy = torch::rand({2, frames, 3, 2});
  observation.active = torch::ones({2, frames, 3});
  observation.active.select(2, 1).fill_(0);
  return observation;
}

TEST(ImaginedActions, AreThePredictionsOfEveryAction) {
  dynamics::KeypointPredictor predictor(acting(18), 1);
  const auto observation = seen(4);

  const auto next = imagine_actions(predictor, observation);

  EXPECT_EQ(next.sizes().vec(), (std::vector<int64_t>{2, 18, 3, 2}));
  const auto newest = [](const torch::Tensor& all) { return all.narrow(1, 2, 2); };
  for (const int64_t action : {0, 7, 17}) {
    const auto predicted = predictor.predict(newest(observation.xy), newest(observation.active),
                                             torch::full({2}, action, torch::kInt64));
    EXPECT_TRUE(torch::equal(next.select(1, action), predicted.select(2, 0)));
  }
  EXPECT_FALSE(torch::equal(next.select(1, 0), next.select(1, 1)));
  EXPECT_TRUE(torch::equal(next[0][5][1], observation.xy[0][3][1])) << "inactive: stays";
}

TEST(ImaginedActions, NeedActionsAndTheWholeHistory) {
  dynamics::KeypointPredictor without(acting(0), 1), with(acting(18), 1);

  EXPECT_EQ(tests::error_of<std::invalid_argument>([&] { imagine_actions(without, seen(2)); }),
            "imagine_actions: predictor: expected one with actions, got none");
  EXPECT_EQ(tests::error_of<std::invalid_argument>([&] { imagine_actions(with, seen(1)); }),
            "imagine_actions: observation: expected at least 2 frames (the predictor's history), "
            "got 1");
}

}  // namespace
}  // namespace mint::agents
