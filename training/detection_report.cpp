#include "training/detection_report.h"

#include <cmath>
#include <cstdio>

#include "training/statistics.h"

namespace mint::training {
namespace {

std::string cell(double value, int digits) {
  if (std::isnan(value)) return "-";
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

Series over_frames(const std::string& name, const std::vector<int64_t>& frames,
                   const std::vector<double>& values) {
  Series series{name, {}};
  for (size_t i = 0; i < frames.size(); ++i) {
    series.points.emplace_back(static_cast<double>(frames[i]), values[i]);
  }
  return series;
}

// Mean 0, deviation 1; undefined values stay so. A constant is 0.
std::vector<double> standardised(const std::vector<double>& values) {
  std::vector<double> defined;
  for (const double value : values) {
    if (std::isfinite(value)) defined.push_back(value);
  }
  if (defined.empty()) return values;
  const Summary summary = summarise(defined);
  std::vector<double> found;
  for (const double value : values) {
    found.push_back((value - summary.mean) / (summary.deviation > 0 ? summary.deviation : 1));
  }
  return found;
}

Table correlation_table(const DetectionSummary& summary) {
  Table table;
  table.header = {"detector", "active keypoints", "compared with", "frame by frame",
                  "over " + std::to_string(summary.window) + " frames"};
  for (const DetectorSummary& detector : summary.detectors) {
    const std::string mean =
        cell(summarise(detector.counts).mean, 1) + " of " + std::to_string(detector.keypoints);
    if (detector.correlations.empty()) table.rows.push_back({detector.label, mean, "-", "-", "-"});
    for (const ActivityCorrelation& one : detector.correlations) {
      table.rows.push_back(
          {detector.label, mean, one.series, cell(one.plain, 3), cell(one.smoothed, 3)});
    }
  }
  return table;
}

ReportSection static_section(const DetectionSummary& summary) {
  ReportSection section{"Static keypoints", {}};
  section.items.push_back(Paragraph{
      "Keypoints that are active in at least 90 % of the frames and whose median distance from "
      "their mean position is at most 1 % of the image's width: what sits on things that do not "
      "move. Distances are in pixels of the video."});
  Table table;
  table.header = {"detector", "keypoint", "at", "active", "median", "95 %", "largest"};
  for (const DetectorSummary& detector : summary.detectors) {
    section.items.push_back(Paragraph{detector.label + ": " + static_line(detector) + "."});
    for (const KeypointDrift& drift : detector.drifts) {
      if (!drift.is_static) continue;
      table.rows.push_back({detector.label, std::to_string(drift.keypoint),
                            cell(drift.x, 0) + ", " + cell(drift.y, 0),
                            cell(100 * drift.share_active, 1) + " %", cell(drift.median_px, 1),
                            cell(drift.ninety_fifth_px, 1), cell(drift.largest_px, 1)});
    }
  }
  if (!table.rows.empty()) section.items.push_back(table);
  return section;
}

}  // namespace

Plot active_plot(const DetectedVideo& video, const DetectionSummary& summary) {
  Plot plot;
  plot.title = "Active keypoints";
  plot.x_label = "frame";
  plot.y_label = "active keypoints";
  plot.width_px = 760;
  for (const DetectorSummary& detector : summary.detectors) {
    plot.series.push_back(over_frames(detector.label, video.frames, detector.counts));
  }
  return plot;
}

Plot activity_plot(const DetectedVideo& video, const DetectionSummary& summary) {
  Plot plot;
  plot.title = "Active keypoints and what they are compared with";
  plot.x_label = "frame";
  plot.y_label = "deviations from the mean";
  plot.width_px = 760;
  const auto add = [&](const std::string& name, const std::vector<double>& values) {
    const auto smooth = moving_average(values, summary.window);
    plot.series.push_back(over_frames(name, video.frames, standardised(smooth)));
  };
  for (const DetectorSummary& detector : summary.detectors) add(detector.label, detector.counts);
  for (const FrameSeries& series : summary.series) add(series.name, series.values);
  return plot;
}

std::string detection_report(const DetectedVideo& video, const DetectionSummary& summary,
                             std::vector<Picture> pictures, bool shows_static) {
  Report report;
  report.title = "Keypoints of " + video.file;
  const std::vector<std::string> lines = video_lines(video);
  report.subtitle = lines[0];
  ReportSection active{"Active keypoints", {active_plot(video, summary)}};
  for (size_t i = 1; i < lines.size(); ++i) active.items.push_back(Paragraph{lines[i] + "."});
  if (!summary.series.empty()) active.items.push_back(activity_plot(video, summary));
  active.items.push_back(correlation_table(summary));
  report.sections.push_back(active);
  if (!pictures.empty()) {
    const int width = summary.detectors.size() > 1 ? 720 : 360;
    report.sections.push_back({"Pictures", {Pictures{std::move(pictures), width}}});
  }
  if (shows_static) report.sections.push_back(static_section(summary));
  return report_html(report);
}

}  // namespace mint::training
