// The entropy layer on one core: megapixels of the output grid a second, all channels counting as
// one pixel, by CPU time, the best of five.
//
//   ninja -C build/release entropy_bench && build/release/entropy_bench
//
// The last lines are the ratios of the closed form to the kernel histogram in double, 256 bins for
// every sample of every region.
#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include "perception/entropy_kde.h"
#include "perception/entropy_kernels.h"
#include "perception/entropy_sorted.h"
#include "perception/heatmap_grid.h"
#include "tests/bench/rollout_frames.h"
#include "tests/bench/start.h"
#include "tests/support/plain_entropy.h"

namespace mint::bench {
namespace {

using namespace perception;

struct Scene {
  std::string name;
  int64_t height, width;
  HeatmapGrid grid;
  std::vector<uint8_t> image;     // [3, H, W]
  std::vector<uint8_t> division;  // [3, HH, WW] and padding

  int64_t pixels() const { return grid.height * grid.width; }
};

Scene make_scene(const std::string& name, int64_t height, int64_t width,
                 const std::vector<uint8_t>& image) {
  Scene scene = {name, height, width, heatmap_grid(height, width), image, {}};
  scene.division.resize(static_cast<size_t>(3 * scene.pixels() + kDivisionPadding));
  EntropyPreprocessing preprocessing(height, width, scene.grid.height, scene.grid.width);
  for (int64_t c = 0; c < 3; ++c) {
    preprocessing(image.data() + c * height * width, scene.division.data() + c * scene.pixels());
  }
  return scene;
}

Scene noise(const std::string& name, int64_t height, int64_t width) {
  std::mt19937 generator(1);
  std::vector<uint8_t> image(static_cast<size_t>(3 * height * width));
  for (uint8_t& value : image) value = static_cast<uint8_t>(generator());
  return make_scene(name, height, width, image);
}

Scene magical() {
  const torch::Tensor frames = rollout_frames(1).contiguous();
  const uint8_t* first = frames.data_ptr<uint8_t>();
  return make_scene("MAGICAL_96x96", 96, 96, {first, first + frames[0].numel()});
}

void count_pixels(benchmark::State& state, int64_t pixels) {
  state.counters["Mpixel/s"] = benchmark::Counter(static_cast<double>(pixels) / 1e6,
                                                  benchmark::Counter::kIsIterationInvariantRate);
}

// The whole entropy image from the division image, as entropy_images counts it.
void closed_form(benchmark::State& state, const Scene& scene) {
  const RegionEntropyTable table(27);
  std::vector<float> entropy(static_cast<size_t>(scene.pixels()));
  for (auto _ : state) {
    region_entropies(scene.division.data(), 3, scene.grid.height, scene.grid.width, 3, table,
                     entropy.data());
    benchmark::DoNotOptimize(entropy.data());
  }
  count_pixels(state, scene.pixels());
}

void sorted(benchmark::State& state, const Scene& scene, SortedRegionEntropies run) {
  const SortedEntropyTable table;
  std::vector<float> entropy(static_cast<size_t>(scene.pixels()));
  for (auto _ : state) {
    run(scene.division.data(), scene.grid.height, scene.grid.width, table, entropy.data());
    benchmark::DoNotOptimize(entropy.data());
  }
  count_pixels(state, scene.pixels());
}

void sliding(benchmark::State& state, const Scene& scene) {
  const RegionEntropyTable table(27);
  std::vector<float> entropy(static_cast<size_t>(scene.pixels()));
  for (auto _ : state) {
    sliding_region_entropies(scene.division.data(), 3, scene.grid.height, scene.grid.width, 3,
                             table, entropy.data());
    benchmark::DoNotOptimize(entropy.data());
  }
  count_pixels(state, scene.pixels());
}

void preprocessing(benchmark::State& state, const Scene& scene) {
  EntropyPreprocessing run(scene.height, scene.width, scene.grid.height, scene.grid.width);
  std::vector<uint8_t> division(static_cast<size_t>(scene.pixels()));
  for (auto _ : state) {
    for (int64_t c = 0; c < 3; ++c) {
      run(scene.image.data() + c * scene.height * scene.width, division.data());
    }
    benchmark::DoNotOptimize(division.data());
  }
  count_pixels(state, scene.pixels());
}

// The kernel histogram of single regions, with doubles and exponentials; no gradient.
void dense(benchmark::State& state, const Scene& scene) {
  constexpr double kBandwidth = 0.001;
  std::vector<std::vector<double>> regions;
  for (int64_t y = 1; y + 1 < scene.grid.height; y += 20) {
    for (int64_t x = 1; x + 1 < scene.grid.width; x += 20) {
      regions.push_back(tests::region_samples(scene.division.data(), 3, scene.grid.height,
                                              scene.grid.width, 3, y, x));
    }
  }
  const double scale = kde_scale<double>(27, kBandwidth);
  for (auto _ : state) {
    double sum = 0;
    for (const auto& samples : regions) {
      for (int64_t bin = 0; bin < kKdeBins; ++bin) {
        double p = 0;
        for (const double v : samples) p += kde_kernel(v - static_cast<double>(bin), kBandwidth);
        sum += kde_term(scale * p);
      }
    }
    benchmark::DoNotOptimize(sum);
  }
  count_pixels(state, static_cast<int64_t>(regions.size()));
}

// Prints the table and remembers the best rate of every benchmark.
class Rates : public benchmark::ConsoleReporter {
 public:
  Rates() : ConsoleReporter(OO_Tabular) {}

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration) continue;
      double& best = best_[run.run_name.function_name];
      best = std::max<double>(best, run.counters.at("Mpixel/s"));
    }
    ConsoleReporter::ReportRuns(runs);
  }

  void print() const {
    std::printf("\n%-32s best Mpixel/s\n", "");
    for (const auto& [name, rate] : best_) std::printf("%-32s %13.4f\n", name.c_str(), rate);
    for (const auto& [name, rate] : best_) {
      const std::string scene = name.substr(name.find('/') + 1);
      const auto plain = best_.find("dense/" + scene);
      if (name.compare(0, 12, "closed_form/") != 0 || plain == best_.end()) continue;
      std::printf("closed_form / dense, %s: %.0f\n", scene.c_str(), rate / plain->second);
    }
  }

 private:
  std::map<std::string, double> best_;
};

}  // namespace
}  // namespace mint::bench

int main(int argc, char** argv) {
  using namespace mint::bench;
  start(argc, argv);
  const std::array<Scene, 3> scenes = {noise("noise_96x96", 96, 96), magical(),
                                       noise("noise_480x320", 320, 480)};
  for (const Scene& scene : scenes) {
    const auto add = [&](const std::string& name, auto run) {
      const std::string full = name + "/" + scene.name;
      benchmark::RegisterBenchmark(full.c_str(), run)
          ->Unit(benchmark::kMicrosecond)
          ->MinTime(0.1)
          ->Repetitions(5);
    };
    add("closed_form", [&](benchmark::State& state) { closed_form(state, scene); });
    for (const auto* variant = mint::perception::sorted_variants(); variant->run; ++variant) {
      const auto run = variant->run;
      add(variant->name, [&scene, run](benchmark::State& state) { sorted(state, scene, run); });
    }
    add("sliding", [&](benchmark::State& state) { sliding(state, scene); });
    add("preprocessing", [&](benchmark::State& state) { preprocessing(state, scene); });
    add("dense", [&](benchmark::State& state) { dense(state, scene); });
  }
  Rates rates;
  benchmark::RunSpecifiedBenchmarks(&rates);
  rates.print();
  return 0;
}
