#include "perception/released_metrics.h"

#include <cmath>
#include <limits>
#include <map>

#include "perception/running_mean.h"

namespace mint::perception {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

bool has_an_answer(const PixelKeypoints& keypoints, const std::vector<FrameObjects>& objects) {
  for (const FrameObjects& frame : objects) {
    for (const ObjectMask& object : frame) {
      if (object.mask.area() == 0) return false;
    }
  }
  for (int64_t t = 0; t < keypoints.frames; ++t) {
    for (int64_t i = 0; i < keypoints.keypoints; ++i) {
      const double* xy = keypoints.at(t, i);
      if (keypoints.is_active(t, i) && !(xy[0] >= 0 && xy[1] >= 0)) return false;
    }
  }
  return true;
}

// Active keypoints in the image but in no object.
int64_t unsuccessful_as_released(const PixelKeypoints& keypoints, int64_t frame,
                                 const FrameObjects& objects) {
  int64_t count = 0;
  for (int64_t i = 0; i < keypoints.keypoints; ++i) {
    const double* xy = keypoints.at(frame, i);
    const bool is_in_image = xy[0] < static_cast<double>(keypoints.width) &&
                             xy[1] < static_cast<double>(keypoints.height);
    bool is_free = keypoints.is_active(frame, i) && is_in_image;
    for (const ObjectMask& object : objects) is_free &= !contains_point(object.mask, xy);
    count += is_free;
  }
  return count;
}

}  // namespace

ReleasedMetrics measure_as_released(const PixelKeypoints& keypoints,
                                    const std::vector<FrameObjects>& objects,
                                    double keypoint_area) {
  require_consistent("measure_as_released", keypoints, objects);
  if (!has_an_answer(keypoints, objects)) return {kUndefined, kUndefined, kUndefined, kUndefined};
  RunningMean dop, top, uak, deviation;
  std::map<int, std::vector<uint8_t>> remembered;  // keypoints inside each object
  for (int64_t t = 0; t < keypoints.frames; ++t) {
    const FrameObjects& listed = objects[static_cast<size_t>(t)];
    int64_t detected = 0, tracked = 0;
    RunningMean frame_deviation;
    for (const ObjectMask& object : listed) {
      std::vector<uint8_t>& inside = remembered[object.object];
      inside.resize(static_cast<size_t>(keypoints.keypoints), 0);
      double count = 0;
      bool is_tracked = false;
      for (int64_t i = 0; i < keypoints.keypoints; ++i) {
        uint8_t& now = inside[static_cast<size_t>(i)];
        const bool was_inside = now;
        if (keypoints.is_active(t, i)) now = is_inside(keypoints, t, i, object.mask);
        count += now;
        is_tracked |= was_inside && now;
      }
      tracked += is_tracked;
      if (count == 0) continue;
      ++detected;
      const auto area = static_cast<double>(object.mask.area());
      frame_deviation.add(std::abs(area - count * keypoint_area) / area);
    }
    const auto share = [&listed](int64_t objects_found) {
      return listed.empty()
                 ? kUndefined
                 : static_cast<double>(objects_found) / static_cast<double>(listed.size());
    };
    dop.add(share(detected));
    top.add(share(tracked));
    uak.add(static_cast<double>(unsuccessful_as_released(keypoints, t, listed)));
    deviation.add(frame_deviation.value());
  }
  return {dop.value(), top.value(), uak.value(), deviation.value()};
}

}  // namespace mint::perception
