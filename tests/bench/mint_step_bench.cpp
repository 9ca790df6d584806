// One training step of MINT as `mint pretrain` does it, against the same step written with plain
// tensor operations and automatic differentiation, K = 25: at 96 x 96 with 16 sequences of 3 frames
// and at 480 x 320 with 16 of 2, with 1 and 2 threads. The two take turns, so that both see the
// same machine; each line is the best of its steps. Begins with the peak memory of our steps.
//
//   ninja -C build/release mint_step_bench && build/release/mint_step_bench [steps]
//
// The plain step takes up to 6 GB. `steps` (default 3) is the number of plain ones; ours are
// measured four times as often.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include "perception/entropy.h"
#include "perception/mint_detector.h"
#include "perception/mint_loss.h"
#include "perception/runtime.h"
#include "perception/threads.h"
#include "tests/bench/rollout_frames.h"
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

struct Setting {
  const char* name;
  perception::MintConfig detector;
  MintLossConfig loss;
};

struct Batch {
  Tensor images;   // uint8 [N, 3, H, W]
  Tensor entropy;  // [N, HH, WW]
};

struct Time {
  double wall_ms = 1e9, cpu_ms = 1e9;
};

Time operator-(const Time& a, const Time& b) {
  return {a.wall_ms - b.wall_ms, a.cpu_ms - b.cpu_ms};
}

Time now() {
  timespec cpu;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
  const std::chrono::duration<double, std::milli> wall =
      std::chrono::steady_clock::now().time_since_epoch();
  return {wall.count(),
          1e3 * static_cast<double>(cpu.tv_sec) + 1e-6 * static_cast<double>(cpu.tv_nsec)};
}

double peak_memory_gib() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / (1 << 20);
}

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

// A detector in training with one of the two losses.
class Trainee {
 public:
  Trainee(const Setting& setting, LossOf loss_of)
      : setting_(setting),
        loss_of_(loss_of),
        detector_(setting.detector, /*seed=*/0),
        parameters_(detector_.module().parameters()),
        optimiser_(parameters_, torch::optim::AdamOptions(1e-3).weight_decay(1e-4)) {
    detector_.module().train();
  }

  double step(const Batch& batch) {
    const Time start = now();
    const MintLoss loss = loss_of_(detector_, batch, setting_.loss);
    training::optimiser_step(loss.total, optimiser_, parameters_, /*clip=*/10, "step");
    const double value = loss.total.item<double>();
    const Time time = now() - start;
    best_ = {std::min(best_.wall_ms, time.wall_ms), std::min(best_.cpu_ms, time.cpu_ms)};
    return value;
  }

  Time take_best() {
    const Time best = best_;
    best_ = {};
    return best;
  }

 private:
  const Setting& setting_;
  LossOf loss_of_;
  MintDetector detector_;
  std::vector<Tensor> parameters_;
  torch::optim::Adam optimiser_;
  Time best_;
};

Batch make_batch(const Setting& setting) {
  Batch batch;
  batch.images = rollout_frames(kSequences * setting.loss.frames);
  if (batch.images.size(3) != setting.detector.width) {
    batch.images = torch::upsample_bilinear2d(batch.images.to(torch::kFloat),
                                              {setting.detector.height, setting.detector.width},
                                              /*align_corners=*/false)
                       .to(torch::kUInt8);
  }
  batch.entropy = perception::entropy_images(batch.images);
  return batch;
}

// Before any plain step, which takes far more.
void print_peak_memory(const Setting& setting) {
  const Batch batch = make_batch(setting);
  Trainee ours(setting, our_loss);
  for (int i = 0; i < 2; ++i) ours.step(batch);
  std::printf("%s, ours: peak memory of the process %.2f GiB\n", setting.name, peak_memory_gib());
}

// False when the two did not compute the same.
bool compare(const Setting& setting, int steps) {
  const Batch batch = make_batch(setting);
  Trainee ours(setting, our_loss), plain(setting, plain_loss);
  const double our_first = ours.step(batch), plain_first = plain.step(batch);
  const bool is_same = std::abs(plain_first - our_first) <= 1e-3 * std::abs(plain_first);
  std::printf("%s, loss of the first step: plain %.4f, ours %.4f%s\n", setting.name, plain_first,
              our_first, is_same ? "" : "; expected the same");
  for (const int threads : {1, 2}) {
    perception::set_threads(threads);
    plain.take_best();
    ours.take_best();
    for (int i = 0; i < steps; ++i) {
      at::set_num_threads(threads);
      plain.step(batch);
      at::set_num_threads(1);
      for (int j = 0; j < 4; ++j) ours.step(batch);
    }
    const Time slow = plain.take_best(), fast = ours.take_best();
    std::printf(
        "%s, %d thread%s: plain %.0f ms (CPU %.0f), ours %.0f ms (CPU %.0f), ratio %.1f (CPU "
        "%.1f)\n",
        setting.name, threads, threads > 1 ? "s" : "", slow.wall_ms, slow.cpu_ms, fast.wall_ms,
        fast.cpu_ms, slow.wall_ms / fast.wall_ms, slow.cpu_ms / fast.cpu_ms);
    std::fflush(stdout);
  }
  return is_same;
}

}  // namespace
}  // namespace mint::bench

int main(int argc, char** argv) {
  using namespace mint;  // NOLINT
  perception::start_runtime();
  const int steps = argc > 1 ? std::atoi(argv[1]) : 3;
  if (steps < 1) {
    std::fprintf(stderr, "usage: mint_step_bench [steps >= 1]\n");
    return 2;
  }
  bench::Setting narrow{"96 x 96, batch 16 x 3", {}, {}}, wide{"480 x 320, batch 16 x 2", {}, {}};
  wide.detector.height = 320;
  wide.detector.width = 480;
  wide.loss.frames = 2;
  wide.loss.sigma = 9;
  wide.loss.tau = 0.1;
  for (const bench::Setting* setting : {&narrow, &wide}) bench::print_peak_memory(*setting);
  const bool narrow_is_same = bench::compare(narrow, steps);
  return bench::compare(wide, steps) && narrow_is_same ? EXIT_SUCCESS : EXIT_FAILURE;
}
