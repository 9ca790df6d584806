// The plots and the page of `mint detect`.
#pragma once

#include <string>
#include <vector>

#include "training/detection_summary.h"
#include "training/report.h"

namespace mint::training {

// Number of active keypoints over time, a line for each detector (paper Figure 5).
Plot active_plot(const DetectedVideo& video, const DetectionSummary& summary);

// Moving averages of the active keypoints and of the series that they are compared with, each less
// its mean and divided by its deviation, so that they lie over each other.
Plot activity_plot(const DetectedVideo& video, const DetectionSummary& summary);

// report.html. Static keypoints only with `shows_static`.
std::string detection_report(const DetectedVideo& video, const DetectionSummary& summary,
                             std::vector<Picture> pictures, bool shows_static);

}  // namespace mint::training
