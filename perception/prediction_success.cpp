#include "perception/prediction_success.h"

#include <stdexcept>
#include <string>

#include "perception/running_mean.h"

namespace mint::perception {
namespace {

void require_predictions(const PixelKeypoints& keypoints, const PredictedKeypoints& predicted) {
  const auto positions =
      static_cast<size_t>(keypoints.frames * keypoints.keypoints * predicted.horizons);
  if (predicted.history >= 1 && predicted.xy.size() == 2 * positions) return;
  throw std::invalid_argument("prediction_success: predictions: expected " +
                              std::to_string(positions) + " positions, got " +
                              std::to_string(predicted.xy.size() / 2));
}

const ObjectMask* find(const FrameObjects& objects, int identity) {
  for (const ObjectMask& object : objects) {
    if (object.object == identity) return &object;
  }
  return nullptr;
}

}  // namespace

std::vector<double> prediction_success(const PixelKeypoints& keypoints,
                                       const PredictedKeypoints& predicted,
                                       const std::vector<FrameObjects>& objects) {
  require_consistent("prediction_success", keypoints, objects);
  require_predictions(keypoints, predicted);
  const auto stays_inside = [&](int64_t i, int64_t source, int64_t horizon,
                                const ObjectMask& before, const ObjectMask& target) {
    const int64_t row = (source * keypoints.keypoints + i) * predicted.horizons + horizon - 1;
    return is_inside(keypoints, source, i, before.mask) &&
           contains_point(target.mask, &predicted.xy[static_cast<size_t>(2 * row)]);
  };
  std::vector<double> rates;
  for (int64_t horizon = 1; horizon <= predicted.horizons; ++horizon) {
    RunningMean rate;
    for (int64_t t = predicted.history - 1 + horizon; t < keypoints.frames; ++t) {
      const FrameObjects& targets = objects[static_cast<size_t>(t)];
      if (targets.empty()) continue;
      const int64_t source = t - horizon;
      int64_t successes = 0;
      for (const ObjectMask& target : targets) {
        const ObjectMask* before = find(objects[static_cast<size_t>(source)], target.object);
        bool is_success = false;
        for (int64_t i = 0; before && !is_success && i < keypoints.keypoints; ++i) {
          is_success = stays_inside(i, source, horizon, *before, target);
        }
        successes += is_success;
      }
      rate.add(static_cast<double>(successes) / static_cast<double>(targets.size()));
    }
    rates.push_back(rate.value());
  }
  return rates;
}

}  // namespace mint::perception
