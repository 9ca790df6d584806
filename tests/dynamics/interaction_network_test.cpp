#include "dynamics/interaction_network.h"

#include <stdexcept>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "dynamics/initialise.h"
#include "dynamics/keypoint_decoder.h"
#include "tests/dynamics/numeric_gradient.h"
#include "tests/dynamics/plain_interaction_network.h"

namespace mint::tests {
namespace {

using dynamics::Aggregation;
using dynamics::InteractionNetwork;
using dynamics::InteractionNetworkConfig;
using torch::Tensor;

at::Generator generator(uint64_t seed) {
  return at::detail::createCPUGenerator(seed);
}

InteractionNetworkConfig tiny() {
  InteractionNetworkConfig config;
  config.node_inputs = 3;
  config.latent = 4;
  config.hidden = 5;
  config.effect = 6;
  return config;
}

InteractionNetwork make(const InteractionNetworkConfig& config, uint64_t seed = 1) {
  InteractionNetwork network(config);
  dynamics::initialise(*network, generator(seed));
  network->to(torch::kFloat64);
  return network;
}

Tensor random_nodes(int64_t graphs, int64_t keypoints, int64_t inputs) {
  return torch::randn({graphs, keypoints, inputs}, generator(7), torch::kFloat64);
}

int64_t parameter_count(const torch::nn::Module& module) {
  int64_t count = 0;
  for (const auto& parameter : module.parameters()) count += parameter.numel();
  return count;
}

// Three graphs of five keypoints: all send, some send, only one sends.
Tensor some_senders() {
  return torch::tensor({{1, 1, 1, 1, 1}, {1, 0, 1, 0, 1}, {0, 0, 1, 0, 0}}, torch::kFloat64);
}

std::vector<InteractionNetworkConfig> all_forms() {
  std::vector<InteractionNetworkConfig> forms;
  for (Aggregation aggregation : {Aggregation::kSum, Aggregation::kMean}) {
    for (bool message_relu : {true, false}) {
      for (int64_t layers : {2, 4}) {
        InteractionNetworkConfig config = tiny();
        config.aggregation = aggregation;
        config.message_relu = message_relu;
        config.zero_edge_feature = message_relu;
        config.relation_layers = layers;
        forms.push_back(config);
      }
    }
  }
  return forms;
}

TEST(InteractionNetwork, HasThePapersParameterCounts) {
  InteractionNetworkConfig dynamics;
  dynamics.node_inputs = 13;  // position code and four frames
  dynamics::KeypointDecoderConfig decoder;
  decoder.horizons = 3;

  // Spec A.1: 1,216 + 36,900 + 46,832 + 4,256, and 1,504 for the dynamics encoder.
  EXPECT_EQ(parameter_count(*InteractionNetwork(InteractionNetworkConfig{})), 89204);
  EXPECT_EQ(parameter_count(*InteractionNetwork(dynamics)) +
                parameter_count(*dynamics::KeypointDecoder(decoder)),
            90845);
}

TEST(InteractionNetwork, AggregatesLikeThePlainFormOverEdges) {
  for (const auto& config : all_forms()) {
    InteractionNetwork network = make(config);
    const Tensor embedding = random_nodes(3, 5, config.latent);

    const Tensor fast = network->aggregate(embedding, some_senders());

    const Tensor plain = plain_relation(network, embedding, some_senders()).aggregated;
    EXPECT_LT((fast - plain).abs().max().item<double>(), 1e-14);
  }
}

TEST(InteractionNetwork, GivesTheSameWithAndWithoutGradient) {
  InteractionNetwork network = make(tiny());
  const Tensor nodes = random_nodes(3, 5, 3);
  const Tensor with_gradient = network->forward(nodes, some_senders());

  torch::NoGradGuard no_grad;

  EXPECT_TRUE(torch::equal(network->forward(nodes, some_senders()), with_gradient));
}

TEST(InteractionNetwork, HasTheGradientOfFiniteDifferences) {
  for (const auto& config : all_forms()) {
    InteractionNetwork network = make(config);
    Tensor nodes = random_nodes(3, 5, 3).requires_grad_();
    const Tensor weights = random_nodes(3, 5, config.latent);
    const auto loss = [&] { return (network->forward(nodes, some_senders()) * weights).sum(); };
    loss().backward();

    const Tensor numeric = numeric_gradient(loss, nodes.detach());
    EXPECT_LT((nodes.grad() - numeric).abs().max().item<double>(), 1e-7);
    for (const auto& parameter : network->named_parameters()) {
      const Tensor by_steps = numeric_gradient(loss, parameter.value().detach());
      EXPECT_LT((parameter.value().grad() - by_steps).abs().max().item<double>(), 1e-7)
          << parameter.key();
    }
  }
}

TEST(InteractionNetwork, DoesNotHearAKeypointThatDoesNotSend) {
  InteractionNetwork network = make(tiny());
  Tensor nodes = random_nodes(3, 5, 3);
  const Tensor before = network->forward(nodes, some_senders());

  nodes[1][3] += 5;  // keypoint 3 of graph 1 does not send
  const Tensor after = network->forward(nodes, some_senders());

  for (int64_t k : {0, 1, 2, 4}) EXPECT_TRUE(torch::equal(after[1][k], before[1][k]));
  EXPECT_FALSE(torch::equal(after[1][3], before[1][3]));
}

TEST(InteractionNetwork, AggregatesToZeroWhenNobodySends) {
  InteractionNetworkConfig config = tiny();
  config.message_relu = false;
  for (Aggregation aggregation : {Aggregation::kSum, Aggregation::kMean}) {
    config.aggregation = aggregation;
    InteractionNetwork network = make(config);

    const Tensor sums = network->aggregate(random_nodes(2, 3, 4), torch::zeros({2, 3}));

    EXPECT_EQ(sums.abs().max().item<double>(), 0);
  }
}

TEST(InteractionNetwork, GivesEveryGraphTheSameAsAlone) {
  InteractionNetworkConfig config;
  config.node_inputs = 3;
  InteractionNetwork network(config);
  dynamics::initialise(*network, generator(1));
  const Tensor nodes = random_nodes(9, 25, 3).to(torch::kFloat32);
  const Tensor all = network->forward(nodes);

  for (int64_t g : {0, 4, 8}) {
    const Tensor alone = network->forward(nodes.narrow(0, g, 1));
    EXPECT_LT((alone[0] - all[g]).abs().max().item<double>(), 1e-6);
  }
}

TEST(InteractionNetwork, MovesWithItsKeypointsWhenTheyAreReordered) {
  InteractionNetwork network = make(tiny());
  const Tensor nodes = random_nodes(2, 5, 3);
  const Tensor order = torch::tensor({3, 0, 4, 1, 2});

  const Tensor reordered = network->forward(nodes.index_select(1, order));

  const Tensor expected = network->forward(nodes).index_select(1, order);
  EXPECT_LT((reordered - expected).abs().max().item<double>(), 1e-14);
}

TEST(InteractionNetwork, RejectsARelationModelOfOneLayer) {
  InteractionNetworkConfig config;
  config.relation_layers = 1;

  EXPECT_THROW(InteractionNetwork{config}, std::invalid_argument);
}

TEST(KeypointDecoder, BoundsPositionsAndLeavesTheStatusLinear) {
  dynamics::KeypointDecoder decoder(dynamics::KeypointDecoderConfig{2, 1, false});
  torch::NoGradGuard no_grad;
  for (auto& parameter : decoder->parameters()) parameter.fill_(1);

  const Tensor out = decoder->forward(torch::full({1, 2}, 0.5));

  // hidden = relu(0.5 + 0.5 + 1) = 2 twice, output = 2 + 2 + 1 = 5; tanh 5 = 0.99990920.
  EXPECT_NEAR(out[0][0][0].item<double>(), 0.99990920, 1e-7);
  EXPECT_NEAR(out[0][0][1].item<double>(), 0.99990920, 1e-7);
  EXPECT_NEAR(out[0][0][2].item<double>(), 5, 1e-6);
}

TEST(Initialise, DependsOnTheSeedAlone) {
  torch::manual_seed(1);
  InteractionNetwork first = make(tiny(), 3);
  torch::manual_seed(2);
  InteractionNetwork same = make(tiny(), 3);
  InteractionNetwork other = make(tiny(), 4);

  for (const auto& parameter : first->named_parameters()) {
    EXPECT_TRUE(torch::equal(parameter.value(), same->named_parameters()[parameter.key()]));
    EXPECT_FALSE(torch::equal(parameter.value(), other->named_parameters()[parameter.key()]));
  }
}

}  // namespace
}  // namespace mint::tests
