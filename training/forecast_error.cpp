#include "training/forecast_error.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <limits>

#include <torch/torch.h>

namespace mint::training {
namespace {

using torch::Tensor;

// Sums of distances per horizon.
class DistanceSum {
 public:
  DistanceSum(int64_t horizons, int64_t height, int64_t width)
      : sums_(torch::zeros({horizons}, torch::kFloat64)),
        size_px_(torch::tensor({static_cast<double>(width), static_cast<double>(height)})) {}

  // `predicted` [N, F, K, 2] of the first F frames after the windows; `known` [N, S, K].
  void add(const Tensor& predicted, const dynamics::PredictorSample& sample, const Tensor& known) {
    const int64_t frames = predicted.size(1);
    const Tensor off = (predicted - sample.next_xy.narrow(1, 0, frames)).to(torch::kFloat64);
    const Tensor distance = (off * size_px_).square().sum(3).sqrt();
    sums_.narrow(0, 0, frames)
        .add_((distance * known.narrow(1, 0, frames)).sum(torch::IntArrayRef{0, 2}));
  }

  double mean(int64_t horizon, const Tensor& counts) const {
    return (sums_[horizon - 1] / counts[horizon - 1]).item<double>();
  }

 private:
  Tensor sums_;
  Tensor size_px_;
};

}  // namespace

Tensor at_constant_velocity(const Tensor& xy, const Tensor& active, int64_t frames) {
  const int64_t last = xy.size(1) - 1;
  const Tensor newest = xy.select(1, last).unsqueeze(1);  // [N, 1, K, 2]
  if (last == 0) return newest.expand({-1, frames, -1, -1});
  const Tensor before = xy.select(1, last - 1).unsqueeze(1);
  const Tensor known = active.select(1, last - 1).unsqueeze(1).unsqueeze(3);
  const Tensor ahead = torch::arange(1, frames + 1).view({1, frames, 1, 1});
  return newest + ahead * known * (newest - before);
}

std::vector<ForecastError> forecast_errors(dynamics::KeypointPredictor& predictor,
                                           const KeypointVideos& videos, int64_t height,
                                           int64_t width) {
  torch::NoGradGuard no_grad;
  const auto& config = predictor.config();
  const int64_t frames = target_frames(config), last = config.history - 1;
  const auto windows = predictor_windows(videos, config);
  DistanceSum at_once(frames, height, width), unrolled(frames, height, width);
  DistanceSum copied(frames, height, width), straight(frames, height, width);
  Tensor counts = torch::zeros({frames}, torch::kFloat64);
  constexpr size_t kChunk = 256;
  for (size_t first = 0; first < windows.size(); first += kChunk) {
    const auto begin = windows.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end =
        windows.begin() + static_cast<std::ptrdiff_t>(std::min(first + kChunk, windows.size()));
    const auto sample = gather_windows(videos, {begin, end}, config);
    const Tensor known = sample.active.select(1, last).unsqueeze(1) * sample.next_active;
    const Tensor taken = config.actions > 0 ? sample.actions.select(1, 0) : Tensor();
    at_once.add(predictor.predict(sample.xy, sample.active, taken).transpose(1, 2), sample, known);
    unrolled.add(predictor.unroll(sample.xy, sample.active, frames, sample.actions), sample, known);
    copied.add(sample.xy.narrow(1, last, 1).expand({-1, frames, -1, -1}), sample, known);
    straight.add(at_constant_velocity(sample.xy, sample.active, frames), sample, known);
    counts += known.sum(torch::IntArrayRef{0, 2});
  }
  std::vector<ForecastError> errors;
  for (int64_t horizon = 1; horizon <= frames; ++horizon) {
    const bool is_at_once = horizon <= config.horizons;
    errors.push_back(
        {horizon,
         is_at_once ? at_once.mean(horizon, counts) : std::numeric_limits<double>::quiet_NaN(),
         unrolled.mean(horizon, counts), copied.mean(horizon, counts),
         straight.mean(horizon, counts)});
  }
  return errors;
}

std::string forecast_table(const std::vector<ForecastError>& errors) {
  std::string text = "frames ahead  predicted  unrolled  stays  constant velocity\n";
  for (const ForecastError& error : errors) {
    char at_once[32] = "-";
    if (error.at_once == error.at_once)
      std::snprintf(at_once, sizeof at_once, "%.3f", error.at_once);
    char line[160];
    std::snprintf(line, sizeof line, "%12lld %10s %9.3f %6.3f %18.3f\n",
                  static_cast<long long>(error.horizon), at_once, error.unrolled, error.copied,
                  error.constant_velocity);
    text += line;
  }
  return text;
}

}  // namespace mint::training
