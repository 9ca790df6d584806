#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/dynamics/interaction_fixture.h"
#include "tests/dynamics/plain_interaction_network.h"
#include "tests/support/fixtures.h"

namespace mint::tests {
namespace {

using torch::Tensor;

void compare_case(const std::filesystem::path& folder, const nlohmann::json& sizes,
                  torch::ScalarType type) {
  const bool is_policy = sizes["actions"].get<int>() > 0;
  dynamics::InteractionNetworkConfig config;
  config.node_inputs = 3 * sizes["history"].get<int64_t>() + 1;
  config.latent = sizes["latent"];
  config.hidden = sizes["hidden"];
  config.effect = sizes["effect"];
  dynamics::InteractionNetwork network(config);
  dynamics::KeypointDecoderConfig decoder_config;
  decoder_config.latent = config.latent;
  decoder_config.horizons = sizes["horizon"];
  dynamics::KeypointDecoder decoder(decoder_config);
  network->to(torch::kFloat64);
  decoder->to(torch::kFloat64);
  load_network(folder, *network);
  load_decoder(folder, *decoder);
  int64_t parameters = 0;
  for (const Tensor& parameter : network->parameters()) parameters += parameter.numel();
  for (const Tensor& parameter : decoder->parameters()) parameters += parameter.numel();
  network->to(type);
  decoder->to(type);
  const Tensor nodes = load_tensor(folder / "out_node_in.npy").to(type);
  torch::NoGradGuard no_grad;

  const Tensor embedding = network->encode(nodes);
  const Tensor aggregated = network->aggregate(embedding, {});
  const Tensor updated = network->update(embedding, aggregated);
  const Tensor projected = network->project(updated);
  const Tensor predictions = decoder->forward(projected);

  if (!is_policy) {  // a policy's count includes its action head
    EXPECT_EQ(parameters, sizes["parameter_count"].get<int64_t>());
  }
  EXPECT_TRUE(close(embedding, load_tensor(folder / "out_node_embedding.npy")));
  EXPECT_TRUE(close(aggregated, load_tensor(folder / "out_aggregated_effects.npy")));
  EXPECT_TRUE(close(updated, load_tensor(folder / "out_object_model_out.npy")));
  EXPECT_TRUE(close(projected, load_tensor(folder / "out_projected.npy")));
  EXPECT_TRUE(close(network->forward(nodes), load_tensor(folder / "out_projected.npy")));
  const Tensor expected = load_tensor(folder / "out_predictions.npy");
  EXPECT_TRUE(close(predictions.reshape(expected.sizes()), expected));
  if (std::filesystem::exists(folder / "out_edge_effects.npy")) {
    const Tensor senders = torch::ones({nodes.size(0), nodes.size(1)});
    EXPECT_TRUE(close(plain_relation(network, embedding, senders).edge_effects,
                      load_tensor(folder / "out_edge_effects.npy")));
  }
}

TEST(InteractionNetworkFixtures, AllOutputsInFloatAndDouble) {
  MINT_FIXTURES(root, "baselines/interaction");
  const nlohmann::json cases = read_json(root / "cases.json");

  for (const auto& sizes : cases) {
    SCOPED_TRACE(sizes["name"].get<std::string>());
    for (torch::ScalarType type : {torch::kFloat32, torch::kFloat64}) {
      compare_case(root / sizes["name"].get<std::string>(), sizes, type);
    }
  }
  report_cases("interaction networks", cases.size());
}

}  // namespace
}  // namespace mint::tests
