// One training step of MINT as `mint pretrain` does it, against the same step written with plain
// tensor operations and automatic differentiation: 16 sequences of 3 frames, 96 x 96, K = 25, one
// thread. The last line is the ratio of the CPU times.
//
//   ninja -C build/release mint_step_bench && build/release/mint_step_bench
//
// The plain step takes 3 GB. On a shared Intel Xeon core (AVX-512) with OpenBLAS: 2.5 s and 0.34 s,
// ratio 7.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include "perception/entropy.h"
#include "perception/mint_detector.h"
#include "perception/mint_loss.h"
#include "tests/bench/rollout_frames.h"
#include "tests/bench/start.h"
#include "tests/perception/plain_mint_loss.h"
#include "tests/perception/plain_soft_argmax.h"
#include "training/optimiser_step.h"

namespace mint::bench {
namespace {

using perception::MintDetector;
using perception::MintLoss;
using perception::MintLossConfig;
using torch::Tensor;

constexpr int64_t kSequences = 16;

struct Batch {
  Tensor images;   // uint8 [48, 3, 96, 96]
  Tensor entropy;  // [48, 135, 135]
};

using LossOf = MintLoss (*)(MintDetector&, const Batch&, const MintLossConfig&);

MintLoss our_loss(MintDetector& detector, const Batch& batch, const MintLossConfig& config) {
  const auto output = detector.train_forward(batch.images);
  return perception::mint_loss(output.coords, output.status, batch.entropy, config);
}

// The library's own layers, the maps stored at every stage.
MintLoss plain_loss(MintDetector& detector, const Batch& batch, const MintLossConfig& config) {
  auto* layers = detector.module().children().at(0)->as<torch::nn::Sequential>();
  const Tensor maps = layers->forward(batch.images.to(torch::kFloat).mul(2).sub(1));
  const auto found = tests::plain_soft_argmax(maps);
  const Tensor status = torch::sigmoid(1000 * (found.activation - detector.config().train_gamma));
  return tests::plain_mint_loss(found.coords, status, batch.entropy, config);
}

void measure(benchmark::State& state, LossOf loss_of) {
  const MintLossConfig config;
  Batch batch;
  batch.images = rollout_frames(kSequences * config.frames);
  batch.entropy = perception::entropy_images(batch.images);
  MintDetector detector({}, /*seed=*/0);
  detector.module().train();
  const auto parameters = detector.module().parameters();
  torch::optim::Adam optimiser(parameters, torch::optim::AdamOptions(1e-3).weight_decay(1e-4));
  const auto step = [&] {
    const MintLoss loss = loss_of(detector, batch, config);
    training::optimiser_step(loss.total, optimiser, parameters, /*clip=*/10, "step");
    return loss.total.item<double>();
  };
  state.counters["first_loss"] = step();  // the same weights in both: equal up to rounding
  for (auto _ : state) step();
}

BENCHMARK_CAPTURE(measure, plain, plain_loss)->Unit(benchmark::kMillisecond)->Iterations(2);
BENCHMARK_CAPTURE(measure, ours, our_loss)->Unit(benchmark::kMillisecond)->Iterations(10);

// Prints the table and remembers what the comparison needs.
class Comparison : public benchmark::ConsoleReporter {
 public:
  Comparison() : ConsoleReporter(OO_Tabular) {}

  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      const std::string name = run.run_name.args.empty() ? run.run_name.function_name : "";
      cpu_ms_[name] = run.GetAdjustedCPUTime();
      loss_[name] = run.counters.at("first_loss");
    }
  }

  // False when the two did not compute the same.
  bool finish() const {
    if (cpu_ms_.size() != 2) return true;  // --benchmark_filter
    const double plain = loss_.at("measure/plain"), ours = loss_.at("measure/ours");
    const bool is_same = std::abs(plain - ours) <= 1e-3 * std::abs(plain);
    std::printf("loss of the first step: plain %.4f, ours %.4f%s\n", plain, ours,
                is_same ? "" : "; expected the same");
    std::printf("plain / ours: %.1f\n", cpu_ms_.at("measure/plain") / cpu_ms_.at("measure/ours"));
    return is_same;
  }

 private:
  std::map<std::string, double> cpu_ms_;
  std::map<std::string, double> loss_;
};

}  // namespace
}  // namespace mint::bench

int main(int argc, char** argv) {
  mint::bench::start(argc, argv);
  mint::bench::Comparison comparison;
  benchmark::RunSpecifiedBenchmarks(&comparison);
  return comparison.finish() ? EXIT_SUCCESS : EXIT_FAILURE;
}
