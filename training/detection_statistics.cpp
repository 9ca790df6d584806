#include "training/detection_statistics.h"

#include <algorithm>
#include <cmath>

namespace mint::training {
namespace {

// The smallest of the ascending values that at least `share` of them do not exceed.
double quantile(const std::vector<double>& ascending, double share) {
  const auto count = static_cast<double>(ascending.size());
  const auto rank = static_cast<size_t>(std::max(1.0, std::ceil(share * count)));
  return ascending[rank - 1];
}

}  // namespace

std::vector<double> active_counts(const perception::PixelKeypoints& keypoints) {
  std::vector<double> counts;
  for (int64_t t = 0; t < keypoints.frames; ++t) {
    double count = 0;
    for (int64_t i = 0; i < keypoints.keypoints; ++i) count += keypoints.is_active(t, i);
    counts.push_back(count);
  }
  return counts;
}

std::vector<double> moving_average(const std::vector<double>& values, int64_t window) {
  const auto count = static_cast<int64_t>(values.size());
  std::vector<double> means;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t first = std::max<int64_t>(0, i - window / 2);
    const int64_t end = std::min(count, i + window / 2 + 1);
    double sum = 0;
    for (int64_t k = first; k < end; ++k) sum += values[static_cast<size_t>(k)];
    means.push_back(sum / static_cast<double>(end - first));
  }
  return means;
}

std::vector<KeypointDrift> keypoint_drifts(const perception::PixelKeypoints& keypoints) {
  std::vector<KeypointDrift> drifts;
  for (int64_t i = 0; i < keypoints.keypoints; ++i) {
    std::vector<const double*> positions;
    for (int64_t t = 0; t < keypoints.frames; ++t) {
      if (keypoints.is_active(t, i)) positions.push_back(keypoints.at(t, i));
    }
    if (positions.empty()) continue;
    const auto count = static_cast<double>(positions.size());
    KeypointDrift drift;
    drift.keypoint = i;
    drift.share_active = count / static_cast<double>(keypoints.frames);
    for (const double* xy : positions) {
      drift.x += xy[0] / count;
      drift.y += xy[1] / count;
    }
    std::vector<double> distances;
    for (const double* xy : positions) {
      distances.push_back(std::hypot(xy[0] - drift.x, xy[1] - drift.y));
    }
    std::sort(distances.begin(), distances.end());
    drift.median_px = quantile(distances, 0.5);
    drift.ninety_fifth_px = quantile(distances, 0.95);
    drift.largest_px = distances.back();
    drift.is_static = drift.share_active >= kStaticShare &&
                      drift.median_px <= kStaticDrift * static_cast<double>(keypoints.width);
    drifts.push_back(drift);
  }
  return drifts;
}

}  // namespace mint::training
