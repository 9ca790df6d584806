// A training step (loss, backward, Adam) of the two baseline detectors at their published sizes.
// Items are pairs of Transporter and frames of Video Structure.
//
//   ninja -C build/release baselines_bench && build/release/baselines_bench
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include "perception/transporter_detector.h"
#include "perception/video_structure_detector.h"
#include "tests/bench/start.h"

namespace mint::bench {
namespace {

torch::Tensor random_frames(int64_t count, int64_t side) {
  return torch::randint(0, 256, {count, 3, side, side}, torch::kInt).to(torch::kUInt8);
}

template <class Loss>
void run_steps(benchmark::State& state, perception::Detector& detector, const Loss& loss) {
  detector.module().train();
  torch::optim::Adam optimiser(detector.module().parameters(), torch::optim::AdamOptions(1e-3));
  for (auto _ : state) {
    optimiser.zero_grad();
    loss().total.backward();
    optimiser.step();
  }
}

// Arguments: side of the input, pairs (of windows of eight frames).
void transporter(benchmark::State& state, const char* variant) {
  perception::TransporterConfig config;
  config.height = config.width = config.input_height = config.input_width = state.range(0);
  config.variant = variant;
  perception::TransporterDetector detector(config, 1);
  const auto frames = random_frames(state.range(1), state.range(0));
  const auto pairs = perception::cyclic_pairs(state.range(1) / 8, 8);
  run_steps(state, detector, [&] { return perception::transporter_loss(detector, frames, pairs); });
  state.SetItemsProcessed(state.iterations() * state.range(1));
}
BENCHMARK_CAPTURE(transporter, comparison, "comparison")
    ->Args({64, 16})
    ->Args({128, 8})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(transporter, original, "original")->Args({64, 16})->Unit(benchmark::kMillisecond);

// Argument: windows of 16 frames.
void video_structure(benchmark::State& state, const char* variant) {
  perception::VideoStructureConfig config;
  config.height = config.width = 64;
  config.variant = variant;
  perception::VideoStructureDetector detector(config, 1);
  const auto windows =
      random_frames(state.range(0) * 16, 64).unflatten(0, {state.range(0), int64_t{16}});
  run_steps(state, detector, [&] { return perception::video_structure_loss(detector, windows); });
  state.SetItemsProcessed(state.iterations() * state.range(0) * 16);
}
BENCHMARK_CAPTURE(video_structure, comparison, "comparison")
    ->Arg(1)
    ->Arg(4)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(video_structure, original, "original")->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mint::bench

int main(int argc, char** argv) {
  mint::bench::start(argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
