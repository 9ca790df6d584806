// Control steps per second of an environment: physics alone, and with the 96 x 96 frame that an
// observation needs. Resets at the end of an episode count, too.
//
//   ninja -C build/release envs_bench && build/release/envs_bench
//
// On a shared Intel Xeon core (AVX-512): MoveToRegion 37,000 and 11,500 steps/s, MakeLine 20,000
// and 9,500.
#include <string>

#include <benchmark/benchmark.h>

#include "envs/env.h"
#include "envs/random.h"

namespace mint::envs {
namespace {

void step(benchmark::State& state, const std::string& task, bool is_seen) {
  Env env(task, "TestJitter");
  Random random(0);
  uint64_t seed = 0;
  env.reset(seed);
  for (auto _ : state) {
    if (env.step(random.below(kActions)).truncated) env.reset(++seed);
    if (is_seen) benchmark::DoNotOptimize(env.frame().data());
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK_CAPTURE(step, MoveToRegion_physics, "MoveToRegion", false);
BENCHMARK_CAPTURE(step, MoveToRegion_frame, "MoveToRegion", true);
BENCHMARK_CAPTURE(step, MakeLine_physics, "MakeLine", false);
BENCHMARK_CAPTURE(step, MakeLine_frame, "MakeLine", true);

}  // namespace
}  // namespace mint::envs

BENCHMARK_MAIN();
