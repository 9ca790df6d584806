#include "training/quickstart_report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <optional>

#include "training/atomic_file.h"
#include "training/progress.h"
#include "training/report.h"
#include "training/run_directory.h"

namespace mint::training {
namespace {

std::string fixed(double value, int digits) {
  if (std::isnan(value)) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

// One curve per name, over the steps of a run's metrics.jsonl.
Plot metrics_plot(const std::filesystem::path& run, const std::string& title,
                  const std::vector<std::string>& names) {
  const auto lines = read_metrics(run / "metrics.jsonl");
  Plot plot;
  plot.title = title;
  plot.x_label = "step";
  plot.is_y_logarithmic = true;
  for (const std::string& name : names) {
    Series series{name, {}};
    for (const MetricsLine& line : lines) {
      for (const auto& [key, value] : line.values) {
        if (key == name) series.points.emplace_back(static_cast<double>(line.step), value);
      }
    }
    plot.series.push_back(std::move(series));
  }
  return plot;
}

// The newest of the overlay pictures.
std::optional<std::filesystem::path> last_picture(const std::filesystem::path& run) {
  std::vector<std::filesystem::path> files;
  if (std::filesystem::exists(run / "pictures")) {
    for (const auto& entry : std::filesystem::directory_iterator(run / "pictures")) {
      files.push_back(entry.path());
    }
  }
  if (files.empty()) return std::nullopt;
  return *std::max_element(files.begin(), files.end());
}

ReportSection scores_section(const QuickstartResults& results) {
  return {"Scores",
          {Scores{score_rows(results)},
           Paragraph{"Mean of the final scores and its 95 % interval over the episodes. Demo has a "
                     "single start state, so its episodes are equal; TestJitter disturbs the "
                     "start and was never trained on."}}};
}

ReportSection rollouts_section(const QuickstartResults& results) {
  Videos videos;
  for (const auto& task : results.tasks) {
    for (const VariantEvaluation& variant : task.variants) {
      for (const std::string& file : variant.videos) {
        const std::filesystem::path path(file);
        if (path.extension() != ".mp4") continue;  // browsers play no other that we write
        videos.list.push_back({read_file(path), task.name + ": " + path.stem().string()});
      }
    }
  }
  ReportSection section{"Rollouts", {}};
  section.items.emplace_back(videos);
  return section;
}

ReportSection keypoints_section(const QuickstartResults& results) {
  ReportSection section{"Keypoints", {}};
  if (const auto picture = last_picture(results.detector)) {
    Pictures pictures;
    pictures.width_px = 900;
    pictures.list.push_back({read_file(*picture), "held-out demonstrations: active keypoints"});
    section.items.emplace_back(pictures);
  }
  Table table{{"task", "robot", "blocks", "robot within 1 px", "blocks within 1 px", "active"}, {}};
  for (const Coverage& row : results.coverage) {
    table.rows.push_back({row.task, fixed(row.robot, 3), fixed(row.blocks, 3),
                          fixed(row.robot_near, 3), fixed(row.blocks_near, 3),
                          fixed(row.active, 1)});
  }
  section.items.emplace_back(table);
  section.items.emplace_back(
      Paragraph{"Share of the frames of expert rollouts in which an active keypoint lies on the "
                "robot's or a block's ground-truth mask, and active keypoints per frame."});
  return section;
}

ReportSection curves_section(const QuickstartResults& results) {
  ReportSection section{"Training", {}};
  section.items.emplace_back(
      metrics_plot(results.detector, "Detector",
                   {"total", "masked_entropy", "masked_conditional_entropy", "transport"}));
  for (const auto& task : results.tasks) {
    section.items.emplace_back(
        metrics_plot(task.run, "Policy: " + task.name, {"total", "action", "prediction"}));
  }
  return section;
}

ReportSection run_section(const QuickstartResults& results) {
  Facts facts;
  for (const auto& [stage, seconds] : results.seconds) {
    facts.list.emplace_back(stage, duration_text(seconds));
  }
  return {"Run",
          {facts, Details{"Configuration", results.config},
           Details{"Machine", read_file(results.folder / "environment.txt")}}};
}

}  // namespace

std::vector<ScoreRow> score_rows(const QuickstartResults& results) {
  std::vector<ScoreRow> rows;
  for (const auto& task : results.tasks) {
    for (const VariantEvaluation& variant : task.variants) rows.push_back(variant.row);
  }
  return rows;
}

std::string quickstart_report(const QuickstartResults& results) {
  return report_html({"mint quickstart",
                      results.folder.string(),
                      {scores_section(results), rollouts_section(results),
                       keypoints_section(results), curves_section(results), run_section(results)}});
}

}  // namespace mint::training
