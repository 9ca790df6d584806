#include "training/dynamics_study.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <map>

#include "training/atomic_file.h"
#include "training/dynamics_cell.h"
#include "training/output_folder.h"
#include "training/shard.h"
#include "training/study_jobs.h"
#include "training/study_report.h"

namespace mint::training {
namespace {

const std::map<std::string, std::string> kForecastTitles = {
    {"predicted", "network"},
    {"unrolled", "network, unrolled"},
    {"copied", "stays"},
    {"constant_velocity", "constant velocity"},
};

// Paper, Table 2 (spec/agents_dynamics.md A.5).
const std::map<std::string, std::vector<std::string>> kPaperSuccess = {
    {"MINT", {"0.844 ± 0.116", "0.827 ± 0.126", "0.811 ± 0.132"}},
    {"Transporter", {"0.764", "0.743", "0.723"}},
    {"Video Structure", {"0.734", "0.719", "0.699"}},
};

std::string metric_name(const std::string& what, const std::string& forecast, int64_t horizon) {
  return what + "_" + forecast + "_" + std::to_string(horizon);
}

double mean_of(const std::vector<SeedScores>& cells, const std::string& metric) {
  return metric_statistics(cells, metric).over_seeds.mean;
}

std::string three_digits(double value) {
  if (!std::isfinite(value)) return "-";
  char text[40];
  std::snprintf(text, sizeof text, "%.3f", value);
  return text;
}

Plot horizon_plot(const std::string& method, const std::vector<SeedScores>& cells) {
  Plot plot;
  plot.title = method + ": error of imagined keypoints";
  plot.x_label = "frames ahead";
  plot.y_label = "mean error, px";
  for (const std::string name : {"unrolled", "copied", "constant_velocity"}) {
    Series series{kForecastTitles.at(name), {}};
    for (int64_t h = 1; h <= kLongHorizons; ++h) {
      series.points.emplace_back(h, mean_of(cells, metric_name("error", name, h)));
    }
    plot.series.push_back(series);
  }
  return plot;
}

Facts dynamics_facts(const StudyResults& results) {
  Facts facts;
  for (const auto& [name, cells] : results) {
    double training = 0, scoring = 0;
    for (const SeedScores& cell : cells) {
      training += cell.scores.training_s / static_cast<double>(cells.size());
      scoring += cell.scores.evaluation_s / static_cast<double>(cells.size());
    }
    char text[96];
    std::snprintf(text, sizeof text, "%.0f s training (detector and predictor), %.0f s scoring",
                  training, scoring);
    facts.list.emplace_back(name + ", a cell", text);
  }
  return facts;
}

}  // namespace

Table dynamics_table(const StudyResults& results) {
  Table table;
  table.header = {"keypoints", "forecast", "seeds", "DOP",   "1 ahead",
                  "2",         "3",        "1/DOP", "2/DOP", "3/DOP"};
  for (const auto& [method, cells] : results) {
    const std::string seeds = std::to_string(cells.size());
    if (cells.empty()) {
      table.rows.push_back({method, "-", seeds, "-", "-", "-", "-", "-", "-", "-"});
      continue;
    }
    for (const std::string& forecast : kForecasts) {
      std::vector<std::string> row = {method, kForecastTitles.at(forecast), seeds,
                                      seeds_text(cells, "dop_1", 3)};
      for (int64_t h = 1; h <= kScoredHorizons; ++h) {
        row.push_back(seeds_text(cells, metric_name("success", forecast, h), 3));
      }
      for (int64_t h = 1; h <= kScoredHorizons; ++h) {
        row.push_back(three_digits(mean_of(cells, metric_name("success", forecast, h)) /
                                   mean_of(cells, "dop_" + std::to_string(h))));
      }
      table.rows.push_back(row);
    }
    std::vector<std::string> pooled = {method, "network, pooled", seeds,
                                       pooled_text(cells, "dop_1", 3)};
    for (int64_t h = 1; h <= kScoredHorizons; ++h) {
      pooled.push_back(pooled_text(cells, metric_name("success", "predicted", h), 3));
    }
    pooled.resize(table.header.size(), "");
    table.rows.push_back(pooled);
    const auto paper = kPaperSuccess.find(method);
    if (paper == kPaperSuccess.end()) continue;
    std::vector<std::string> row = {method, "paper (CLEVRER; leaks)", "5", ""};
    row.insert(row.end(), paper->second.begin(), paper->second.end());
    row.resize(table.header.size(), "");
    table.rows.push_back(row);
  }
  return table;
}

Table motion_table(const StudyResults& results) {
  Table table;
  table.header = {"keypoints", "forecast", "moving, 1 ahead", "2", "3", "at rest, 1 ahead",
                  "2",         "3"};
  for (const auto& [method, cells] : results) {
    if (cells.empty()) continue;
    for (const std::string& forecast : kForecasts) {
      std::vector<std::string> row = {method, kForecastTitles.at(forecast)};
      for (const std::string what : {"moving", "resting"}) {
        for (int64_t h = 1; h <= kScoredHorizons; ++h) {
          row.push_back(seeds_text(cells, metric_name(what, forecast, h), 3));
        }
      }
      table.rows.push_back(row);
    }
  }
  return table;
}

std::vector<std::string> dynamics_verdicts(const StudyResults& results) {
  std::vector<std::string> verdicts;
  for (const auto& [method, cells] : results) {
    if (cells.empty()) continue;
    std::string behind;
    for (int64_t h = 1; h <= kScoredHorizons; ++h) {
      const double ours = mean_of(cells, metric_name("moving", "predicted", h));
      for (const std::string reference : {"copied", "constant_velocity"}) {
        const double theirs = mean_of(cells, metric_name("moving", reference, h));
        if (ours > theirs) continue;
        behind += (behind.empty() ? "" : "; ") + std::to_string(h) + " ahead " +
                  three_digits(ours) + ", " + kForecastTitles.at(reference) + " " +
                  three_digits(theirs);
      }
    }
    verdicts.push_back(
        behind.empty()
            ? method +
                  ": over moving objects the network beats staying and constant velocity at "
                  "1, 2 and 3 frames ahead."
            : method +
                  ": has not learnt dynamics: over moving objects the network does not beat "
                  "both references (" +
                  behind + ").");
  }
  return verdicts;
}

std::string dynamics_csv(const StudyResults& results) {
  std::string csv;
  for (const auto& [method, cells] : results) {
    for (const SeedScores& cell : cells) {
      for (const VideoScore& video : cell.scores.videos) {
        if (csv.empty()) {
          csv = "method,seed,video";
          for (const auto& [name, value] : video.values) csv += "," + name;
          csv += "\n";
        }
        csv += method + "," + std::to_string(cell.seed) + "," + video.video;
        for (const auto& [name, value] : video.values) {
          char text[40] = "";
          if (std::isfinite(value)) std::snprintf(text, sizeof text, "%.9g", value);
          csv += std::string(",") + text;
        }
        csv += "\n";
      }
    }
  }
  return csv;
}

StudyOutcome run_dynamics_study(const StudyConfig& config) {
  const auto rows = study_rows("dynamics", config);
  parse_shard(config.shard);
  const auto tests = study_tests(config, show_progress());
  const auto cells = dynamics_cells(rows, config, tests);
  std::vector<StudyCell> scored;
  for (const DynamicsCell& cell : cells) scored.push_back(cell.scored);
  compute_cells(scored, config, tests, [&](size_t i, const OnProgress& on_progress) {
    run_dynamics_cell(cells[i], tests, on_progress);
  });

  const DoneCells done = done_cells(rows, scored);
  print_skipped(done.results);
  StudyOutcome outcome{output_folder(config.output, "study-dynamics"), done.results, done.missing};
  const Table success = dynamics_table(outcome.results), motion = motion_table(outcome.results);
  std::string verdicts;
  for (const std::string& verdict : dynamics_verdicts(outcome.results)) verdicts += verdict + "\n";
  const std::string config_text = dump_config(config);
  write_study_texts(outcome.folder,
                    {config_text, table_text(success) + "\n" + table_text(motion) + "\n" + verdicts,
                     dynamics_csv(outcome.results)});

  Report report;
  report.title = "Study: dynamics";
  report.subtitle = videos_subtitle(config, tests);
  report.sections.push_back(
      {"Prediction success",
       {success,
        Paragraph{
            "Share of a frame's objects on which a keypoint was found h frames before and is "
            "predicted to be. Mean over seeds of the per-seed mean ± half the 95 % t interval "
            "over seeds; pooled: videos and seeds ± 2 s / sqrt(seeds), as the paper reports. "
            "The paper's predictor has seen the frame that it predicts."},
        motion, Paragraph{verdicts}, dynamics_facts(outcome.results)}});
  ReportSection imagination{"Imagination", {}};
  for (const auto& [method, method_cells] : outcome.results) {
    if (method_cells.empty()) continue;
    const Plot plot = horizon_plot(method, method_cells);
    imagination.items.push_back(plot);
    write_file_atomically(outcome.folder / ("horizons_" + file_stem(method) + ".svg"),
                          svg_file(plot));
  }
  report.sections.push_back(imagination);
  write_study_report(outcome.folder, config_text, report);
  return outcome;
}

}  // namespace mint::training
