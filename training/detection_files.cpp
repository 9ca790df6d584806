#include "training/detection_files.h"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace mint::training {
namespace {

using nlohmann::json;

// A field of a CSV file, in quotes where it needs them.
std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

double hundredths(double value) {
  return std::round(value * 100) / 100;
}

json detector_json(const DetectedKeypoints& detector) {
  const perception::PixelKeypoints& keypoints = detector.keypoints;
  json xy = json::array(), active = json::array();
  for (int64_t t = 0; t < keypoints.frames; ++t) {
    json positions = json::array(), flags = json::array();
    for (int64_t i = 0; i < keypoints.keypoints; ++i) {
      const double* at = keypoints.at(t, i);
      positions.push_back({hundredths(at[0]), hundredths(at[1])});
      flags.push_back(keypoints.is_active(t, i) ? 1 : 0);
    }
    xy.push_back(std::move(positions));
    active.push_back(std::move(flags));
  }
  return {{"name", detector.label}, {"run", detector.run}, {"xy", xy}, {"active", active}};
}

}  // namespace

std::string keypoints_csv(const DetectedVideo& video) {
  std::string text = "detector,frame,keypoint,x,y,active\n";
  for (const DetectedKeypoints& detector : video.detectors) {
    const std::string label = csv_text(detector.label);
    const perception::PixelKeypoints& keypoints = detector.keypoints;
    for (int64_t t = 0; t < keypoints.frames; ++t) {
      for (int64_t i = 0; i < keypoints.keypoints; ++i) {
        const double* at = keypoints.at(t, i);
        char numbers[120];
        std::snprintf(numbers, sizeof numbers, ",%lld,%lld,%.2f,%.2f,%d\n",
                      static_cast<long long>(video.frames[static_cast<size_t>(t)]),
                      static_cast<long long>(i), at[0], at[1], keypoints.is_active(t, i) ? 1 : 0);
        text += label + numbers;
      }
    }
  }
  return text;
}

std::string keypoints_json(const DetectedVideo& video) {
  json document = {{"video", video.file},
                   {"width", video.width},
                   {"height", video.height},
                   {"frames_per_s", video.frames_per_s},
                   {"crop", {video.crop.x, video.crop.y, video.crop.width, video.crop.height}},
                   {"frames", video.frames},
                   {"detectors", json::array()}};
  for (const DetectedKeypoints& detector : video.detectors) {
    document["detectors"].push_back(detector_json(detector));
  }
  return document.dump() + "\n";
}

}  // namespace mint::training
