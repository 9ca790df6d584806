#include <gtest/gtest.h>
#include <torch/torch.h>

#include "agents/interaction_policy.h"
#include "tests/dynamics/interaction_fixture.h"
#include "tests/support/fixtures.h"

namespace mint::tests {
namespace {

using torch::Tensor;

void compare_case(const std::filesystem::path& folder, const nlohmann::json& sizes,
                  torch::ScalarType type) {
  agents::InteractionPolicyConfig config = agents::paper_interaction_policy();
  config.keypoints = sizes["num_keypoints"];
  config.history = sizes["frames"];
  config.actions = sizes["actions"];
  config.latent = sizes["latent"];
  config.hidden = sizes["hidden"];
  config.effect = sizes["effect"];
  config.head_hidden = config.latent;  // the cases' choice
  agents::InteractionPolicy policy(config, /*seed=*/0);
  policy.to(torch::kFloat64);
  const auto parts = policy.named_modules("", /*include_self=*/false);
  load_network(folder, *parts["network"]);
  load_decoder(folder, *parts["decoder"]);
  load_linear(folder, "act0", *parts["action_hidden"]);
  load_linear(folder, "act1", *parts["action_output"]);
  int64_t parameters = 0;
  for (const Tensor& parameter : policy.parameters()) parameters += parameter.numel();
  policy.to(type);
  const Tensor input = load_tensor(folder / "input.npy");  // (x, y, s) in [-1, 1], times s
  agents::Observation observation;
  observation.xy = (input.narrow(3, 0, 2) + 1) / 2;
  observation.active = input.select(3, 2).contiguous();
  torch::NoGradGuard no_grad;

  const agents::InteractionPolicy::Outputs outputs = policy.forward(observation);

  EXPECT_EQ(parameters, sizes["parameter_count"].get<int64_t>());
  EXPECT_TRUE(close(outputs.logits, load_tensor(folder / "out_action_logits.npy")));
  EXPECT_TRUE(
      close(policy.logits(observation).squeeze(1), load_tensor(folder / "out_action_logits.npy")));
  const Tensor expected = load_tensor(folder / "out_predictions.npy").squeeze(3);
  EXPECT_TRUE(close(outputs.predictions, expected));
}

TEST(InteractionPolicyFixtures, LogitsAndPredictionsOfThePapersForm) {
  MINT_FIXTURES(root, "baselines/interaction");
  size_t policies = 0;

  for (const auto& sizes : read_json(root / "cases.json")) {
    if (sizes["actions"].get<int>() == 0) continue;  // a dynamics predictor
    SCOPED_TRACE(sizes["name"].get<std::string>());
    for (torch::ScalarType type : {torch::kFloat32, torch::kFloat64}) {
      compare_case(root / sizes["name"].get<std::string>(), sizes, type);
    }
    ++policies;
  }
  report_cases("interaction policies", policies);
}

}  // namespace
}  // namespace mint::tests
