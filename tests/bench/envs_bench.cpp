// What an environment costs on one core, in control steps (10 physics substeps) and resets a
// second, what a batch of them does with two threads, and the memory of each.
//
//   ninja -C build/release envs_bench && build/release/envs_bench
//
// The CPU column and the rates beside it count: the wall clock knows of everything else that the
// machine does. On a shared Intel Xeon core (AVX-512), control steps/s with the expert's actions:
//
//                   physics only   and LoRes4A   and LoResStack
//   MoveToRegion          37,700        15,300            8,000
//   MakeLine              29,300        14,100            7,400
//   ClusterColour         27,400        12,800            7,000
//
// 47,000 (ClusterColour-TestAll) to 220,000 resets/s (MoveToRegion-Demo); 366 KiB an environment
// of the largest kind with both cameras' stacks. A frame straight at 96 takes half the time of one
// at 384 and its reduction.
#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>
#include <unistd.h>

#include "agents/experts/expert.h"
#include "envs/env.h"
#include "envs/random.h"
#include "envs/vector_env.h"

namespace mint::envs {
namespace {

// Episodes to replay: whoever acts is not part of the measurement.
struct Episodes {
  std::string variant;
  std::vector<std::vector<int>> actions;  // of seeds 0, 1, ...
};

constexpr int kEpisodes = 8;

// An expert pushes and carries blocks all the time, which costs more than random actions do.
Episodes expert_episodes(const std::string& task, const std::string& variant) {
  Episodes episodes = {variant, {}};
  Env env(task, variant);
  for (int seed = 0; seed < kEpisodes; ++seed) {
    env.reset(seed);
    const auto expert = experts::make_expert(env.scene(), seed);
    std::vector<int>& actions = episodes.actions.emplace_back();
    for (int step = 0; step < env.task().episode_length; ++step) {
      actions.push_back(expert->act(env.scene(), env.state(), step));
      env.step(actions.back());
    }
  }
  return episodes;
}

Episodes random_episodes(const std::string& task, const std::string& variant) {
  Episodes episodes = {variant, {}};
  Random random(0);
  for (int seed = 0; seed < kEpisodes; ++seed) {
    auto& actions = episodes.actions.emplace_back(find_task(task).episode_length);
    for (int& action : actions) action = random.below(kActions);
  }
  return episodes;
}

using Actor = Episodes (*)(const std::string& task, const std::string& variant);

// Made once: experts think for longer than a benchmark lasts.
const Episodes& episodes_of(const std::string& task, Actor actor) {
  static std::map<std::pair<std::string, Actor>, Episodes> made;
  const auto [place, is_new] = made.try_emplace({task, actor});
  if (is_new) place->second = actor(task, "TestJitter");
  return place->second;
}

// Control steps, resets at the end of an episode included. Nothing is observed of a raw
// environment.
void step(benchmark::State& state, const char* task, Actor actor, Preprocessor preprocessor) {
  const Episodes& episodes = episodes_of(task, actor);
  Env env(task, episodes.variant, preprocessor);
  const bool is_seen = preprocessor != Preprocessor::kNone;
  std::vector<uint8_t> observation(observation_bytes(preprocessor));
  uint64_t seed = 0;
  env.reset(seed);
  for (auto _ : state) {
    const bool is_over = env.step(episodes.actions[seed][env.steps()]).truncated;
    if (is_seen) env.write_observation(observation.data());
    if (is_over) env.reset(seed = (seed + 1) % kEpisodes);
  }
  state.counters["steps/s"] = benchmark::Counter(state.iterations(), benchmark::Counter::kIsRate);
}

void register_steps() {
  const std::pair<const char*, Actor> actors[] = {{"random", random_episodes},
                                                  {"expert", expert_episodes}};
  const std::pair<const char*, Preprocessor> sights[] = {
      {"physics only", Preprocessor::kNone},
      {"physics and allo", Preprocessor::kLoRes4A},
      {"physics and both", Preprocessor::kLoResStack}};
  for (const char* task : {"MoveToRegion", "MakeLine", "ClusterColour"}) {
    for (const auto& [who, actor] : actors) {
      for (const auto& [what, preprocessor] : sights) {
        const std::string name = std::string("step/") + task + "/" + who + "/" + what;
        benchmark::RegisterBenchmark(name.c_str(), step, task, actor, preprocessor);
      }
    }
  }
}

// A frame of 96 x 96 drawn straight, and (for reference) at 384 x 384 and reduced.
void draw_frames(benchmark::State& state, Camera camera, bool is_straight) {
  const Scene scene = sample_scene("MakeLine", "TestJitter", 0);
  const State at_reset = initial_state(scene);
  Image full;
  std::vector<uint8_t> frame(kObservationBytes);
  for (auto _ : state) {
    if (is_straight) {
      draw_observation(scene, at_reset, camera, frame.data());
    } else {
      draw(scene, at_reset, camera, full);
      downsample(full, frame.data());
    }
    benchmark::DoNotOptimize(frame.data());
  }
}

void register_frames() {
  for (const Camera camera : {Camera::kAllocentric, Camera::kEgocentric}) {
    const std::string name =
        std::string("frame/MakeLine/") + (camera == Camera::kAllocentric ? "allo" : "ego");
    benchmark::RegisterBenchmark((name + "/at 384 and reduced").c_str(), draw_frames, camera,
                                 false);
    benchmark::RegisterBenchmark((name + "/straight at 96").c_str(), draw_frames, camera, true);
  }
}

void reset(benchmark::State& state, const std::string& task, const std::string& variant) {
  Env env(task, variant);
  uint64_t seed = 0;
  for (auto _ : state) env.reset(++seed);
  state.counters["resets/s"] = benchmark::Counter(state.iterations(), benchmark::Counter::kIsRate);
}

void create_and_reset(benchmark::State& state, const std::string& task,
                      const std::string& variant) {
  uint64_t seed = 0;
  for (auto _ : state) Env(task, variant).reset(++seed);
  state.counters["resets/s"] = benchmark::Counter(state.iterations(), benchmark::Counter::kIsRate);
}

void register_resets() {
  for (const TaskSpec& task : tasks()) {
    for (const char* variant : {"Demo", "TestJitter", "TestLayout", "TestAll"}) {
      const auto& known = task.variants;
      if (std::find(known.begin(), known.end(), variant) == known.end()) continue;
      const std::string name = "reset/" + task.name + "/" + variant;
      benchmark::RegisterBenchmark(name.c_str(), reset, task.name, variant);
    }
  }
  benchmark::RegisterBenchmark("create and reset/ClusterColour/TestAll", create_and_reset,
                               "ClusterColour", "TestAll");
}

long resident_bytes() {
  long pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

// What 1,000 environments of the largest kind hold when all their frames are drawn. First of all,
// so that no memory freed by another benchmark is taken again unseen.
void memory(benchmark::State& state) {
  constexpr int kCount = 1000;
  const std::vector<std::string> names(kCount, "ClusterColour-TestAll-LoResStack-v0");
  std::vector<uint64_t> seeds;
  for (int i = 0; i < kCount; ++i) seeds.push_back(i);
  for (auto _ : state) {
    const long before = resident_bytes();
    VectorEnv envs(names, /*threads=*/1);
    std::vector<uint8_t> images(kCount * envs.image_bytes());
    EnvBatch batch;
    batch.images = images.data();
    envs.reset(seeds, batch);
    for (int i = 0; i < 20; ++i) envs.step(std::vector<int>(kCount, 1), batch);
    const long held = resident_bytes() - before - static_cast<long>(images.size());
    state.counters["KiB/env"] = held / 1024.0 / kCount;
  }
}
BENCHMARK(memory)->Iterations(1)->Unit(benchmark::kMillisecond);

// Steps of all environments together: by the CPU time of all threads, and by the wall clock (a
// second thread helps as far as a core is free).
void vector_step(benchmark::State& state) {
  constexpr int kCount = 64;
  VectorEnv envs(std::vector<std::string>(kCount, "MakeLine-TestJitter-LoRes4A-v0"),
                 static_cast<int>(state.range(0)));
  std::vector<uint8_t> images(kCount * envs.image_bytes());
  EnvBatch batch;
  batch.images = images.data();
  std::vector<uint64_t> seeds;
  for (int i = 0; i < kCount; ++i) seeds.push_back(i);
  std::vector<int> actions(kCount);
  Random random(0);
  envs.reset(seeds, batch);
  for (auto _ : state) {
    for (int& action : actions) action = random.below(kActions);
    envs.step(actions, batch);
  }
  state.counters["steps/s"] =
      benchmark::Counter(state.iterations() * kCount, benchmark::Counter::kIsRate);
}
BENCHMARK(vector_step)->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(vector_step)->ArgName("threads")->Arg(1)->Arg(2)->MeasureProcessCPUTime();

}  // namespace
}  // namespace mint::envs

int main(int argc, char** argv) {
  mint::envs::register_frames();
  mint::envs::register_steps();
  mint::envs::register_resets();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
}
