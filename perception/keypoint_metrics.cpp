#include "perception/keypoint_metrics.h"

#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>

#include "perception/running_mean.h"

namespace mint::perception {
namespace {

// The keypoints inside each object of a frame, by identity.
using Insides = std::map<int, std::vector<uint8_t>>;

Insides insides_of(const PixelKeypoints& keypoints, int64_t frame, const FrameObjects& objects) {
  Insides insides;
  for (const ObjectMask& object : objects) {
    std::vector<uint8_t>& inside = insides[object.object];
    for (int64_t i = 0; i < keypoints.keypoints; ++i) {
      inside.push_back(is_inside(keypoints, frame, i, object.mask));
    }
  }
  return insides;
}

bool is_any(const std::vector<uint8_t>& inside) {
  for (const uint8_t value : inside) {
    if (value) return true;
  }
  return false;
}

bool share_a_keypoint(const std::vector<uint8_t>& a, const std::vector<uint8_t>& b) {
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] && b[i]) return true;
  }
  return false;
}

int64_t unsuccessful(const PixelKeypoints& keypoints, int64_t frame, const Insides& insides) {
  int64_t count = 0;
  for (int64_t i = 0; i < keypoints.keypoints; ++i) {
    bool is_on_object = false;
    for (const auto& [object, inside] : insides) is_on_object |= inside[static_cast<size_t>(i)];
    if (keypoints.is_active(frame, i) && !is_on_object) ++count;
  }
  return count;
}

double density(const ObjectMask& object, const std::vector<uint8_t>& inside, double keypoint_area) {
  const int64_t area = object.mask.area();
  if (area == 0) return 0;
  double count = 0;
  for (const uint8_t value : inside) count += value;
  return keypoint_area * count / static_cast<double>(area);
}

void measure_densities(FrameMetrics& frame) {
  RunningMean all, deviation;
  double product = 1;
  for (const double density : frame.densities) {
    product *= density;
    all.add(density);
    if (density > 0) deviation.add(std::abs(1 - density));
  }
  frame.dak_product = frame.densities.empty() ? std::numeric_limits<double>::quiet_NaN() : product;
  frame.dak_mean = all.value();
  frame.dak_deviation = deviation.value();
}

}  // namespace

std::vector<FrameMetrics> measure_frames(const PixelKeypoints& keypoints,
                                         const std::vector<FrameObjects>& objects,
                                         double keypoint_area) {
  require_consistent("measure_frames", keypoints, objects);
  if (!(keypoint_area > 0)) {
    throw std::invalid_argument("measure_frames: keypoint_area: expected pixels above 0, got " +
                                std::to_string(keypoint_area));
  }
  std::vector<FrameMetrics> frames;
  Insides before;
  for (int64_t t = 0; t < keypoints.frames; ++t) {
    const FrameObjects& listed = objects[static_cast<size_t>(t)];
    Insides insides = insides_of(keypoints, t, listed);
    FrameMetrics frame;
    frame.objects = static_cast<int64_t>(listed.size());
    frame.unsuccessful = unsuccessful(keypoints, t, insides);
    for (const ObjectMask& object : listed) {
      const std::vector<uint8_t>& inside = insides.at(object.object);
      const auto earlier = before.find(object.object);
      frame.detected += is_any(inside);
      frame.tracked += earlier != before.end() && share_a_keypoint(inside, earlier->second);
      frame.densities.push_back(density(object, inside, keypoint_area));
    }
    measure_densities(frame);
    frames.push_back(std::move(frame));
    before = std::move(insides);
  }
  return frames;
}

VideoMetrics video_metrics(const std::vector<FrameMetrics>& frames) {
  RunningMean dop, top, top_all, uak, product, mean, deviation;
  for (size_t t = 0; t < frames.size(); ++t) {
    const FrameMetrics& frame = frames[t];
    uak.add(static_cast<double>(frame.unsuccessful));
    if (frame.objects == 0) continue;
    const auto objects = static_cast<double>(frame.objects);
    dop.add(static_cast<double>(frame.detected) / objects);
    if (t > 0) top.add(static_cast<double>(frame.tracked) / objects);
    top_all.add(static_cast<double>(frame.tracked) / objects);
    product.add(frame.dak_product);
    mean.add(frame.dak_mean);
    if (frame.detected > 0) deviation.add(frame.dak_deviation);
  }
  return {dop.value(),     top.value(),  top_all.value(),  uak.value(),
          product.value(), mean.value(), deviation.value()};
}

VideoMetrics measure_video(const PixelKeypoints& keypoints,
                           const std::vector<FrameObjects>& objects, double keypoint_area) {
  return video_metrics(measure_frames(keypoints, objects, keypoint_area));
}

double mean_object_area(const std::vector<std::vector<FrameObjects>>& videos) {
  RunningMean over_videos;
  for (const std::vector<FrameObjects>& video : videos) {
    RunningMean over_frames;
    for (const FrameObjects& frame : video) {
      RunningMean over_objects;
      for (const ObjectMask& object : frame) {
        over_objects.add(static_cast<double>(object.mask.area()));
      }
      if (!frame.empty()) over_frames.add(over_objects.value());
    }
    if (!std::isnan(over_frames.value())) over_videos.add(over_frames.value());
  }
  return over_videos.value();
}

}  // namespace mint::perception
