#include "dynamics/keypoint_predictor.h"

#include <functional>
#include <vector>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/dynamics/numeric_gradient.h"
#include "tests/support/error_of.h"

namespace mint::tests {
namespace {

using dynamics::KeypointPredictor;
using dynamics::KeypointPredictorConfig;
using dynamics::PredictorSample;
using torch::Tensor;

constexpr int64_t kPoints = 4, kWindow = 3;

KeypointPredictorConfig small(const KeypointPredictorConfig& form = {}) {
  KeypointPredictorConfig config = form;
  config.keypoints = kPoints;
  config.history = kWindow;
  config.latent = 5;
  config.hidden = 6;
  config.effect = 7;
  config.relation_layers = 2;
  config.object_layers = 2;
  return config;
}

KeypointPredictorConfig with_actions(KeypointPredictorConfig config) {
  config.actions = 18;
  config.horizons = 1;
  return config;
}

// Both forms, the displacement form also with actions.
std::vector<KeypointPredictorConfig> all_configs() {
  auto paper = dynamics::paper_keypoint_predictor();
  paper.unroll = 2;  // a chain, so that its gradient is looked at too
  return {small(), small(paper), with_actions(small())};
}

Tensor uniform(const std::vector<int64_t>& shape, uint64_t seed) {
  return torch::rand(shape, at::detail::createCPUGenerator(seed), torch::kFloat64);
}

// Random positions; about a third of the keypoints are inactive.
PredictorSample random_sample(const KeypointPredictorConfig& config, int64_t count) {
  const int64_t frames = target_frames(config), keypoints = config.keypoints;
  PredictorSample sample;
  sample.xy = uniform({count, config.history, keypoints, 2}, 1);
  sample.active = uniform({count, config.history, keypoints}, 2).gt(0.3).to(torch::kFloat64);
  sample.next_xy = uniform({count, frames, keypoints, 2}, 3);
  sample.next_active = uniform({count, frames, keypoints}, 4).gt(0.3).to(torch::kFloat64);
  if (config.actions > 0) sample.actions = (18 * uniform({count, frames}, 5)).to(torch::kInt64);
  return sample;
}

Tensor first_action(const PredictorSample& sample) {
  return sample.actions.defined() ? sample.actions.select(1, 0) : Tensor();
}

TEST(KeypointPredictor, HasThePapersParameterCount) {
  int64_t count = 0;
  for (const auto& parameter :
       KeypointPredictor(dynamics::paper_keypoint_predictor(), 1).parameters()) {
    count += parameter.numel();
  }

  EXPECT_EQ(count, 90845);  // spec A.1
}

TEST(KeypointPredictor, HasTheGradientOfFiniteDifferences) {
  for (const auto& config : all_configs()) {
    KeypointPredictor predictor(config, 1);
    predictor.to(torch::kFloat64);
    const auto sample = random_sample(config, 2);
    const auto loss = [&] { return predictor.losses(sample).total; };
    loss().backward();

    for (const auto& parameter : predictor.named_parameters()) {
      const Tensor numeric = numeric_gradient(loss, parameter.value().detach());
      EXPECT_LT((parameter.value().grad() - numeric).abs().max().item<double>(), 1e-7)
          << config.form << " " << parameter.key();
    }
  }
}

// One video: predictions at t from its frames t-2..t, before and after all later frames changed.
TEST(KeypointPredictor, SaysNothingOfFramesAfterTheOneItIsMadeAt) {
  for (const auto& config : all_configs()) {
    KeypointPredictor predictor(config, 1);
    const int64_t frames = 8, made_at = 4;
    Tensor xy = uniform({frames, kPoints, 2}, 1);
    Tensor active = torch::ones({frames, kPoints}, torch::kFloat64);
    const Tensor taken =
        config.actions > 0 ? torch::tensor({0, 4, 8, 3, 17, 2, 1, 5}) : torch::Tensor();
    const auto window = [](const Tensor& all, int64_t newest) {
      return all.narrow(0, newest - kWindow + 1, kWindow).unsqueeze(0);
    };
    const auto predictions = [&] {
      std::vector<Tensor> each;
      for (int64_t t = kWindow - 1; t < frames; ++t) {
        each.push_back(predictor.predict(window(xy, t), window(active, t),
                                         taken.defined() ? taken.narrow(0, t, 1) : Tensor()));
      }
      return torch::cat(each);
    };
    const Tensor before = predictions();

    xy.narrow(0, made_at + 1, frames - made_at - 1).add_(0.3);
    active.narrow(0, made_at + 1, frames - made_at - 1).fill_(0);
    const Tensor after = predictions();

    const int64_t kept = made_at - (kWindow - 1) + 1;
    EXPECT_TRUE(torch::equal(after.narrow(0, 0, kept), before.narrow(0, 0, kept))) << config.form;
    for (int64_t t = kept; t < before.size(0); ++t) {
      EXPECT_FALSE(torch::equal(after[t], before[t])) << config.form;
    }
  }
}

TEST(KeypointPredictor, ComparesThePredictionMadeAtTWithFramesAfterT) {
  KeypointPredictor predictor(small(), 1);
  predictor.to(torch::kFloat64);
  auto sample = random_sample(small(), 5);
  sample.active.fill_(1);
  sample.next_active.fill_(1);
  const Tensor predicted = predictor.predict(sample.xy, sample.active).detach();  // [N, K, H, 2]
  const Tensor chained = predictor.unroll(sample.xy, sample.active, 3).detach();

  sample.next_xy = predicted.transpose(1, 2).contiguous();
  EXPECT_NEAR(predictor.losses(sample).joint.item<double>(), 0, 1e-20);
  sample.next_xy = chained;
  EXPECT_NEAR(predictor.losses(sample).unrolled.item<double>(), 0, 1e-20);
}

TEST(KeypointPredictor, LossCountsOnlyKeypointsThatAreActiveNowAndThen) {
  KeypointPredictor predictor(small(), 1);
  const auto sample = random_sample(small(), 3);
  const Tensor known = sample.active.select(1, kWindow - 1).unsqueeze(1) * sample.next_active;
  const double before = predictor.losses(sample).total.item<double>();

  auto moved = sample;
  moved.next_xy = sample.next_xy + 0.3 * (1 - known).unsqueeze(3);

  EXPECT_EQ(predictor.losses(moved).total.item<double>(), before);
}

// By hand: one keypoint, next frames 0.05, 0.2 and 0.1 right of where they are predicted: 0.5, 2
// and 1 tenths of the image, which with a linear part beyond 0.5 costs 0.25, 1.75, 0.75 in x and 0
// in y; the mean of six.
TEST(KeypointPredictor, LossIsTheSmoothL1LossInTenthsOfTheImage) {
  auto config = small();
  config.keypoints = 1;
  config.unroll = 0;
  config.linear_beyond = 0.5;
  KeypointPredictor predictor(config, 1);
  predictor.to(torch::kFloat64);
  PredictorSample sample = random_sample(config, 1);
  sample.active.fill_(1);
  sample.next_active.fill_(1);
  const Tensor predicted = predictor.predict(sample.xy, sample.active).detach();
  const Tensor right = torch::tensor({0.05, 0.0, 0.2, 0.0, 0.1, 0.0}, torch::kFloat64);
  sample.next_xy = predicted.transpose(1, 2) + right.view({1, 3, 1, 2});

  const auto losses = predictor.losses(sample);

  EXPECT_NEAR(losses.joint.item<double>(), 2.75 / 6, 1e-12);
  EXPECT_EQ(losses.unrolled.item<double>(), 0);
}

TEST(KeypointPredictor, IgnoresWhereAnInactiveKeypointIs) {
  KeypointPredictor predictor(small(), 1);
  const auto sample = random_sample(small(), 1);
  Tensor active = torch::ones_like(sample.active);
  active.select(2, 1).fill_(0);
  Tensor moved = sample.xy.clone();
  moved.select(2, 1).fill_(0.9);

  const Tensor before = predictor.unroll(sample.xy, active, 3);
  const Tensor after = predictor.unroll(moved, active, 3);

  for (int64_t k : {0, 2, 3}) EXPECT_TRUE(torch::equal(after.select(2, k), before.select(2, k)));
  EXPECT_TRUE(after.select(2, 1).eq(0.9f).all().item<bool>()) << "stays where it is";
}

TEST(KeypointPredictor, SendsNoMessageFromAKeypointThatHasJustBecomeInactive) {
  KeypointPredictor predictor(small(), 1);
  const auto sample = random_sample(small(), 1);
  Tensor active = torch::ones_like(sample.active);
  active.select(1, kWindow - 1).select(1, 1).fill_(0);
  Tensor moved = sample.xy.clone();
  moved.select(2, 1).add_(0.2);  // in the frames, too, in which it was active

  const Tensor before = predictor.predict(sample.xy, active);
  const Tensor after = predictor.predict(moved, active);

  for (int64_t k : {0, 2, 3}) EXPECT_TRUE(torch::equal(after.select(1, k), before.select(1, k)));
}

TEST(KeypointPredictor, PaperFormLetsAllKeypointsSend) {
  const auto config = small(dynamics::paper_keypoint_predictor());
  KeypointPredictor predictor(config, 1);
  const auto sample = random_sample(config, 1);
  const Tensor active = torch::zeros_like(sample.active);
  Tensor moved = sample.xy.clone();
  moved.select(2, 1).fill_(0.9);

  const Tensor before = predictor.predict(sample.xy, active);
  const Tensor after = predictor.predict(moved, active);

  EXPECT_FALSE(torch::equal(after.select(1, 0), before.select(1, 0)));
  EXPECT_TRUE((before > 0).logical_and(before < 1).all().item<bool>()) << "tanh";
}

TEST(KeypointPredictor, PredictsARowTheSameHoweverManyThereAre) {
  for (const auto& config : all_configs()) {
    KeypointPredictor predictor(config, 1);
    const auto sample = random_sample(config, 5);
    const Tensor taken = first_action(sample);

    const Tensor all = predictor.predict(sample.xy, sample.active, taken);
    const Tensor alone = predictor.predict(sample.xy.narrow(0, 3, 1), sample.active.narrow(0, 3, 1),
                                           taken.defined() ? taken.narrow(0, 3, 1) : taken);

    EXPECT_TRUE(torch::equal(all[3], alone[0]));
  }
}

TEST(KeypointPredictor, UnrollsAsRepeatedPredictions) {
  for (const auto& config : all_configs()) {
    KeypointPredictor predictor(config, 1);
    const auto sample = random_sample(config, 2);
    Tensor xy = sample.xy.to(torch::kFloat32), active = sample.active;
    const int64_t steps = 2;
    const Tensor taken = config.actions > 0 ? sample.actions.narrow(1, 0, steps) : Tensor();

    const Tensor chain = predictor.unroll(xy, active, steps, taken);

    for (int64_t step = 0; step < steps; ++step) {
      const Tensor action = taken.defined() ? taken.select(1, step) : Tensor();
      const Tensor next = predictor.predict(xy, active, action).select(2, 0);
      EXPECT_TRUE(torch::equal(chain.select(1, step), next)) << config.form << " " << step;
      xy = torch::cat({xy.narrow(1, 1, kWindow - 1), next.unsqueeze(1)}, 1);
      active = torch::cat({active.narrow(1, 1, kWindow - 1), active.narrow(1, kWindow - 1, 1)}, 1);
    }
  }
}

TEST(KeypointPredictor, DependsOnTheSeedAlone) {
  const auto sample = random_sample(small(), 1);
  const auto predicted = [&](uint64_t seed) {
    return KeypointPredictor(small(), seed).predict(sample.xy, sample.active);
  };

  EXPECT_TRUE(torch::equal(predicted(1), predicted(1)));
  EXPECT_FALSE(torch::equal(predicted(1), predicted(2)));
}

void fit(KeypointPredictor& predictor, const std::function<PredictorSample(uint64_t)>& sample_of,
         int64_t steps) {
  torch::optim::Adam optimiser(predictor.parameters(), torch::optim::AdamOptions(3e-3));
  for (int64_t step = 0; step < steps; ++step) {
    optimiser.zero_grad();
    predictor.losses(sample_of(static_cast<uint64_t>(10 + step))).total.backward();
    optimiser.step();
  }
}

// Keypoints that move by up to 0.03 of the image a frame, each with its own constant velocity.
PredictorSample constant_velocity(const KeypointPredictorConfig& config, uint64_t seed) {
  const int64_t count = 32, frames = config.history + target_frames(config);
  const Tensor start = uniform({count, 1, config.keypoints, 2}, seed);
  const Tensor velocity = 0.06 * uniform({count, 1, config.keypoints, 2}, seed + 100000) - 0.03;
  const Tensor xy = start + velocity * torch::arange(frames).view({1, frames, 1, 1});
  PredictorSample sample;
  sample.xy = xy.narrow(1, 0, config.history);
  sample.active = torch::ones({count, config.history, config.keypoints});
  sample.next_xy = xy.narrow(1, config.history, target_frames(config));
  sample.next_active = torch::ones({count, target_frames(config), config.keypoints});
  return sample;
}

TEST(KeypointPredictor, LearnsConstantVelocity) {
  KeypointPredictorConfig config = small();
  config.latent = 16;
  config.hidden = 16;
  KeypointPredictor predictor(config, 1);

  fit(
      predictor, [&](uint64_t seed) { return constant_velocity(config, seed); }, 300);

  torch::NoGradGuard no_grad;
  const auto fresh = constant_velocity(config, 1);
  const Tensor newest = fresh.xy.narrow(1, kWindow - 1, 1);
  const auto error = [&](const Tensor& predicted) {
    return (predicted - fresh.next_xy).abs().mean().item<double>();
  };
  const double copying = error(newest);
  EXPECT_LT(error(predictor.predict(fresh.xy, fresh.active).transpose(1, 2)), copying / 4);
  EXPECT_LT(error(predictor.unroll(fresh.xy, fresh.active, 3)), copying / 4);
}

// Keypoint 0 goes where the action says, the others stand.
PredictorSample driven(const KeypointPredictorConfig& config, uint64_t seed) {
  const int64_t count = 32, frames = target_frames(config);
  PredictorSample sample;
  sample.xy = uniform({count, 1, config.keypoints, 2}, seed).repeat({1, config.history, 1, 1});
  sample.active = torch::ones({count, config.history, config.keypoints});
  sample.actions = (18 * uniform({count, frames}, seed + 100000)).to(torch::kInt64);
  const auto step_of = [](const Tensor& choice) {  // 0 nothing, 1 one way, 2 the other
    return 0.03 * choice.eq(1).to(torch::kFloat64) - 0.03 * choice.eq(2).to(torch::kFloat64);
  };
  const Tensor moves = torch::stack({step_of(sample.actions.div(3, "floor").remainder(3)),
                                     step_of(sample.actions.remainder(3))},
                                    2)
                           .cumsum(1);  // [N, S, 2]
  sample.next_xy =
      sample.xy.narrow(1, config.history - 1, 1).repeat({1, frames, 1, 1}).contiguous();
  sample.next_xy.select(2, 0).add_(moves);
  sample.next_active = torch::ones({count, frames, config.keypoints});
  return sample;
}

TEST(KeypointPredictor, LearnsWhatActionsDo) {
  KeypointPredictorConfig config = with_actions(small());
  config.latent = 16;
  config.hidden = 16;
  KeypointPredictor predictor(config, 1);

  fit(
      predictor, [&](uint64_t seed) { return driven(config, seed); }, 300);

  torch::NoGradGuard no_grad;
  const auto fresh = driven(config, 1);
  const auto error = [&](const Tensor& predicted) {
    return (predicted - fresh.next_xy).abs().mean().item<double>();
  };
  const double copying = error(fresh.xy.narrow(1, kWindow - 1, 1));
  EXPECT_LT(error(predictor.unroll(fresh.xy, fresh.active, 3, fresh.actions)), copying / 3);
}

TEST(KeypointPredictor, NamesWhatIsWrong) {
  const auto made = [](auto change) {
    KeypointPredictorConfig config = small();
    change(config);
    return error_of([&] { KeypointPredictor(config, 1); });
  };
  EXPECT_EQ(made([](auto& c) { c.form = "papers"; }),
            "KeypointPredictor: form: expected displacement or paper, got \"papers\"");
  EXPECT_EQ(made([](auto& c) { c.actions = 17; }),
            "KeypointPredictor: actions: expected 0 or 18, got 17");
  EXPECT_EQ(made([](auto& c) { c.actions = 18; }),
            "KeypointPredictor: horizons: expected 1 with actions (unrolling gives more), got 3");
  EXPECT_EQ(made([](auto& c) { c.unroll_weight = -1; }),
            "KeypointPredictor: unroll_weight: expected >= 0, got -1");
  EXPECT_EQ(made([](auto& c) { c.linear_beyond = 0; }),
            "KeypointPredictor: linear_beyond: expected > 0, got 0");
}

TEST(KeypointPredictor, NamesShapesAndActionsThatDoNotFit) {
  const auto config = with_actions(small());
  KeypointPredictor plain(small(), 1), driven(config, 1);
  auto sample = random_sample(config, 2);
  const Tensor xy = sample.xy, active = sample.active;

  EXPECT_EQ(error_of([&] { plain.predict(xy.narrow(1, 0, 2), active); }),
            "KeypointPredictor.predict: xy: expected [N, 3, 4, 2], got [2, 2, 4, 2]");
  EXPECT_EQ(error_of([&] { driven.predict(xy, active); }),
            "KeypointPredictor.predict: actions: expected [2], got no tensor");
  EXPECT_EQ(error_of([&] { plain.predict(xy, active, torch::zeros({2}, torch::kInt64)); }),
            "KeypointPredictor.predict: actions: expected none, because config.actions is 0");
  EXPECT_EQ(error_of([&] {
              driven.predict(xy, active, torch::tensor({0, 18}));
            }),
            "KeypointPredictor.predict: actions: expected 0..17, got 18");
  EXPECT_EQ(error_of([&] { plain.unroll(xy, active, 0); }),
            "KeypointPredictor.unroll: steps: expected >= 1, got 0");
  sample.next_xy = sample.next_xy.narrow(1, 0, 1);
  EXPECT_EQ(error_of([&] { driven.losses(sample); }),
            "KeypointPredictor.losses: next_xy: expected [2, 3, 4, 2], got [2, 1, 4, 2]");
}

}  // namespace
}  // namespace mint::tests
