// The policies: one training step as `mint clone` does it and one decision, one thread; the
// interaction network in its default form and in the paper's (a graph per frame).
//
//   ninja -C build/release policy_bench && build/release/policy_bench
//
// On a shared Intel Xeon core (AVX-512): a step of the interaction network 10 ms (paper's form:
// 190), a decision 0.18 ms (1.8).
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include "agents/registry.h"
#include "tests/bench/start.h"
#include "training/optimiser_step.h"

namespace mint::agents {
namespace {

PolicyConfig joint_graph() {
  return {};
}

PolicyConfig frame_graphs() {
  PolicyConfig config;
  config.interaction = paper_interaction_policy();
  return config;
}

PolicyConfig attention() {
  PolicyConfig config;
  config.name = "attention";
  config.attention.plan.plans = 24;
  return config;
}

PolicyConfig residual_mlp() {
  PolicyConfig config;
  config.name = "mlp";
  return config;
}

PolicyConfig paper_cnn() {
  PolicyConfig config;
  config.name = "cnn";
  return config;
}

Observation random_observation(const Policy& policy, int64_t batch) {
  const int64_t T = policy.history(), K = policy.keypoints();
  Observation observation;
  if (K == 0) {
    observation.frames = torch::randint(256, {batch, T, 3, 96, 96}, torch::kUInt8);
    return observation;
  }
  observation.xy = torch::rand({batch, T, K, 2});
  observation.active = (torch::rand({batch, T, K}) > 0.3).to(torch::kFloat);
  return observation;
}

void train_step(benchmark::State& state, PolicyConfig (*config)()) {
  torch::manual_seed(0);
  const auto policy = make_policy(config(), /*seed=*/0);
  const int64_t batch = state.range(0), K = policy->keypoints(), C = policy->chunk();
  Sample sample;
  sample.observation = random_observation(*policy, batch);
  sample.actions = torch::randint(18, {batch, C}, torch::kInt64);
  sample.next_xy = torch::rand({batch, C, K, 2});
  sample.next_active = (torch::rand({batch, C, K}) > 0.3).to(torch::kFloat);
  const auto parameters = policy->parameters();
  torch::optim::Adam optimiser(parameters, torch::optim::AdamOptions(1e-3).weight_decay(1e-6));
  for (auto _ : state) {
    training::optimiser_step(policy->losses(sample).at("total"), optimiser, parameters,
                             /*clip=*/10, "step");
  }
}
BENCHMARK_CAPTURE(train_step, joint_graph, joint_graph)->Arg(32)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train_step, frame_graphs, frame_graphs)->Arg(32)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train_step, attention, attention)->Arg(128)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train_step, mlp, residual_mlp)->Arg(128)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train_step, cnn, paper_cnn)->Arg(32)->Unit(benchmark::kMillisecond);

void decide(benchmark::State& state, PolicyConfig (*config)()) {
  torch::manual_seed(0);
  const torch::NoGradGuard no_grad;
  const auto policy = make_policy(config(), /*seed=*/0);
  policy->eval();
  const Observation observation = random_observation(*policy, /*batch=*/1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(policy->logits(observation).select(1, 0).argmax(1).item<int64_t>());
  }
}
BENCHMARK_CAPTURE(decide, joint_graph, joint_graph)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(decide, frame_graphs, frame_graphs)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(decide, attention, attention)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(decide, mlp, residual_mlp)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(decide, cnn, paper_cnn)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace mint::agents

int main(int argc, char** argv) {
  mint::bench::start(argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
