#include "training/detection_summary.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "training/statistics.h"

namespace mint::training {
namespace {

using nlohmann::json;

std::string decimals(double value, int digits) {
  if (std::isnan(value)) return "undefined";
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

// One second of the chosen frames, odd.
int64_t smoothing_window(const DetectedVideo& video) {
  if (!(video.frames_per_s > 0) || video.frames.size() < 2) return 3;
  const auto every = static_cast<double>(video.frames[1] - video.frames[0]);
  const auto frames = static_cast<int64_t>(std::lround(video.frames_per_s / every));
  return std::max<int64_t>(3, frames / 2 * 2 + 1);
}

std::string count_line(const DetectorSummary& detector) {
  const auto [least, most] = std::minmax_element(detector.counts.begin(), detector.counts.end());
  return detector.label + ": " + decimals(summarise(detector.counts).mean, 1) + " of " +
         std::to_string(detector.keypoints) + " keypoints active in a frame (" +
         decimals(*least, 0) + " to " + decimals(*most, 0) + ")";
}

std::string correlation_text(const ActivityCorrelation& one, int64_t window) {
  if (std::isnan(one.plain)) return "undefined, as one of both is constant";
  return decimals(one.plain, 3) + " frame by frame, " + decimals(one.smoothed, 3) +
         " of averages over " + std::to_string(window) + " frames";
}

std::vector<KeypointDrift> static_ones(const DetectorSummary& detector) {
  std::vector<KeypointDrift> found;
  for (const KeypointDrift& drift : detector.drifts) {
    if (drift.is_static) found.push_back(drift);
  }
  return found;
}

json drift_json(const KeypointDrift& drift) {
  return {{"keypoint", drift.keypoint},
          {"share_active", drift.share_active},
          {"mean", {drift.x, drift.y}},
          {"median_px", drift.median_px},
          {"ninety_fifth_px", drift.ninety_fifth_px},
          {"largest_px", drift.largest_px},
          {"static", drift.is_static}};
}

}  // namespace

DetectionSummary summarise_detection(const DetectedVideo& video,
                                     const std::vector<FrameSeries>& series) {
  DetectionSummary summary;
  summary.window = smoothing_window(video);
  for (const FrameSeries& one : series) {
    summary.series.push_back({one.name, values_at(one, video.frames)});
  }
  for (const DetectedKeypoints& found : video.detectors) {
    DetectorSummary detector;
    detector.label = found.label;
    detector.keypoints = found.keypoints.keypoints;
    detector.counts = active_counts(found.keypoints);
    const auto smooth_counts = moving_average(detector.counts, summary.window);
    for (const FrameSeries& one : summary.series) {
      detector.correlations.push_back(
          {one.name, correlation(detector.counts, one.values),
           correlation(smooth_counts, moving_average(one.values, summary.window))});
    }
    detector.drifts = keypoint_drifts(found.keypoints);
    summary.detectors.push_back(std::move(detector));
  }
  return summary;
}

std::vector<std::string> video_lines(const DetectedVideo& video) {
  std::string first = video.file + ": " + std::to_string(video.frames.size()) + " frames of " +
                      std::to_string(video.width) + "x" + std::to_string(video.height) + " (" +
                      std::to_string(video.frames.front()) + " to " +
                      std::to_string(video.frames.back());
  if (video.frames.size() > 1 && video.frames[1] - video.frames[0] > 1) {
    first += ", every " + std::to_string(video.frames[1] - video.frames[0]);
  }
  std::vector<std::string> lines = {first + ")"};
  if (video.is_whole && video.announced_frames > 0 &&
      video.announced_frames != video.decoded_frames) {
    lines.push_back(video.file + ": its header says " + std::to_string(video.announced_frames) +
                    " frames, " + std::to_string(video.decoded_frames) + " decode");
  }
  return lines;
}

std::string static_line(const DetectorSummary& detector) {
  const std::vector<KeypointDrift> found = static_ones(detector);
  const std::string count =
      std::to_string(found.size()) + " of " + std::to_string(detector.keypoints) + " keypoints";
  if (found.empty()) return count;
  std::vector<double> medians;
  double ninety_fifth = 0, largest = 0;
  for (const KeypointDrift& drift : found) {
    medians.push_back(drift.median_px);
    ninety_fifth = std::max(ninety_fifth, drift.ninety_fifth_px);
    largest = std::max(largest, drift.largest_px);
  }
  std::sort(medians.begin(), medians.end());
  return count + ": median drift " + decimals(medians[medians.size() / 2], 1) + " px (at most " +
         decimals(medians.back(), 1) + "), 95 % of the frames within " + decimals(ninety_fifth, 1) +
         " px, all within " + decimals(largest, 1) + " px";
}

std::vector<std::string> summary_lines(const DetectedVideo& video, const DetectionSummary& summary,
                                       bool shows_static) {
  std::vector<std::string> lines = video_lines(video);
  for (const DetectorSummary& detector : summary.detectors) {
    lines.push_back(count_line(detector));
    for (const ActivityCorrelation& one : detector.correlations) {
      lines.push_back("  correlation with " + one.series + ": " +
                      correlation_text(one, summary.window));
    }
    if (!shows_static) continue;
    lines.push_back("  static: " + static_line(detector));
    for (const KeypointDrift& drift : static_ones(detector)) {
      lines.push_back("    keypoint " + std::to_string(drift.keypoint) + " at " +
                      decimals(drift.x, 0) + ", " + decimals(drift.y, 0) + ": active in " +
                      decimals(100 * drift.share_active, 1) + " % of the frames, median drift " +
                      decimals(drift.median_px, 1) + " px, 95 % within " +
                      decimals(drift.ninety_fifth_px, 1) + " px");
    }
  }
  return lines;
}

std::string summary_json(const DetectedVideo& video, const DetectionSummary& summary) {
  json document = {{"video", video.file},
                   {"frames", video.frames.size()},
                   {"decoded_frames", video.decoded_frames},
                   {"announced_frames", video.announced_frames},
                   {"smoothing_window", summary.window},
                   {"detectors", json::array()}};
  for (const DetectorSummary& detector : summary.detectors) {
    const auto counts = summarise(detector.counts);
    json entry = {{"name", detector.label},         {"keypoints", detector.keypoints},
                  {"active_mean", counts.mean},     {"active_deviation", counts.deviation},
                  {"correlations", json::object()}, {"drifts", json::array()}};
    for (const ActivityCorrelation& one : detector.correlations) {
      entry["correlations"][one.series] = {{"plain", one.plain}, {"smoothed", one.smoothed}};
    }
    for (const KeypointDrift& drift : detector.drifts) {
      entry["drifts"].push_back(drift_json(drift));
    }
    document["detectors"].push_back(std::move(entry));
  }
  return document.dump(2) + "\n";
}

}  // namespace mint::training
