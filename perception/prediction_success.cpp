#include "perception/prediction_success.h"

#include <algorithm>
#include <array>
#include <cmath>
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

// Of the mask's pixels: x, y. NaN for an empty mask.
std::array<double, 2> centre(const RunLengthMask& mask) {
  const int64_t height = mask.height();
  double sum_x = 0, sum_y = 0;
  int64_t position = 0, pixels = 0;
  for (size_t run = 0; run < mask.counts().size(); ++run) {
    const int64_t end = position + mask.counts()[run];
    while (run % 2 == 1 && position < end) {  // the part of a run that lies in one column
      const int64_t row = position % height, count = std::min(end - position, height - row);
      sum_x += static_cast<double>(count * (position / height));
      sum_y += static_cast<double>(count) * (static_cast<double>(2 * row + count - 1) / 2);
      pixels += count;
      position += count;
    }
    position = end;
  }
  const auto total = static_cast<double>(pixels);
  return {sum_x / total, sum_y / total};
}

bool has_motion(Motion motion, const ObjectMask* before, const ObjectMask& target,
                int64_t horizon) {
  if (motion == Motion::kAny) return true;
  if (!before) return false;
  const auto from = centre(before->mask), to = centre(target.mask);
  const double distance = std::hypot(to[0] - from[0], to[1] - from[1]);
  if (std::isnan(distance)) return false;
  return (distance > kMoving_px * static_cast<double>(horizon)) == (motion == Motion::kMoving);
}

}  // namespace

std::vector<double> prediction_success(const PixelKeypoints& keypoints,
                                       const PredictedKeypoints& predicted,
                                       const std::vector<FrameObjects>& objects, Motion motion) {
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
      const int64_t source = t - horizon;
      int64_t counted = 0, successes = 0;
      for (const ObjectMask& target : objects[static_cast<size_t>(t)]) {
        const ObjectMask* before = find(objects[static_cast<size_t>(source)], target.object);
        if (!has_motion(motion, before, target, horizon)) continue;
        ++counted;
        bool is_success = false;
        for (int64_t i = 0; before && !is_success && i < keypoints.keypoints; ++i) {
          is_success = stays_inside(i, source, horizon, *before, target);
        }
        successes += is_success;
      }
      if (counted > 0) rate.add(static_cast<double>(successes) / static_cast<double>(counted));
    }
    rates.push_back(rate.value());
  }
  return rates;
}

double detected_share(const PixelKeypoints& keypoints, const std::vector<FrameObjects>& objects,
                      int64_t first) {
  require_consistent("detected_share", keypoints, objects);
  RunningMean share;
  for (int64_t t = first; t < keypoints.frames; ++t) {
    const FrameObjects& shown = objects[static_cast<size_t>(t)];
    if (shown.empty()) continue;
    int64_t detected = 0;
    for (const ObjectMask& object : shown) {
      bool is_detected = false;
      for (int64_t i = 0; !is_detected && i < keypoints.keypoints; ++i) {
        is_detected = is_inside(keypoints, t, i, object.mask);
      }
      detected += is_detected;
    }
    share.add(static_cast<double>(detected) / static_cast<double>(shown.size()));
  }
  return share.value();
}

}  // namespace mint::perception
