// The frozen MINT detector on 1 frame and on 4 (what a policy sees), 96 x 96, K = 25, one thread.
//
//   ninja -C build/release detect_bench && build/release/detect_bench
//
// On a shared Intel Xeon core (AVX-512): 2.2 and 8.4 ms.
#include <benchmark/benchmark.h>

#include "perception/mint_detector.h"
#include "tests/bench/rollout_frames.h"
#include "tests/bench/start.h"

namespace mint::bench {
namespace {

void detect(benchmark::State& state) {
  perception::MintDetector detector({}, /*seed=*/0);
  const auto frames = rollout_frames(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(detector.detect(frames).xy.data_ptr());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(detect)->Arg(1)->Arg(4)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mint::bench

int main(int argc, char** argv) {
  mint::bench::start(argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
