#include "training/study_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "training/statistics.h"

namespace mint::training {
namespace {

struct Column {
  std::string metric, title;
  int digits;
};

const std::vector<Column> kColumns = {
    {"dop", "DOP", 3},
    {"top", "TOP", 3},
    {"uak", "UAK", 3},
    {"dak_product", "DAK (product)", 3},
    {"dak_mean", "DAK (mean)", 3},
    {"dak_deviation", "DAK (deviation)", 3},
    {"active", "active", 1},
    {"active_objects_correlation", "r(active, objects)", 2},
};
const std::vector<Column> kReleasedColumns = {
    {"released_dop", "DOP", 3},
    {"released_top", "TOP", 3},
    {"released_uak", "UAK", 3},
    {"released_dak", "DAK", 3},
};

// Paper, Table 1 (spec/keypoint_baselines.md 4): DOP, TOP, UAK, DAK on CLEVRER, which all tables
// have as their first four metrics.
const std::map<std::string, std::vector<std::string>> kPaper = {
    {"MINT", {"0.855 ± 0.115", "0.836 ± 0.118", "0.798 ± 0.566", "0.171 ± 0.151"}},
    {"Transporter", {"0.780 ± 0.110", "0.735 ± 0.115", "18.441 ± 1.643", "0.210 ± 0.148"}},
    {"Video Structure", {"0.563 ± 0.256", "0.537 ± 0.249", "18.116 ± 3.502", "0.623 ± 0.360"}},
};

std::string number(double value, int digits) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string with_interval(double mean, double half_width, int digits) {
  if (!std::isfinite(mean)) return "-";
  if (!std::isfinite(half_width)) return number(mean, digits);
  return number(mean, digits) + " ± " + number(half_width, digits);
}

double value_of(const VideoScore& score, const std::string& metric) {
  for (const auto& [name, value] : score.values) {
    if (name == metric) return value;
  }
  return NAN;
}

size_t visible_width(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

Table make_table(const std::string& study, const StudyResults& results,
                 const std::vector<Column>& columns) {
  Table table;
  table.header = {"method", "seeds", "videos"};
  for (const Column& column : columns) table.header.push_back(column.title);
  for (const auto& [name, cells] : results) {
    const std::string seeds = std::to_string(cells.size());
    const std::string videos =
        cells.empty() ? "-" : std::to_string(cells.front().scores.videos.size());
    std::vector<std::string> ours = {name, seeds, videos};
    std::vector<std::string> pooled = {"  pooled", seeds, videos};
    for (const Column& column : columns) {
      if (cells.empty()) continue;
      ours.push_back(seeds_text(cells, column.metric, column.digits));
      pooled.push_back(pooled_text(cells, column.metric, column.digits));
    }
    ours.resize(table.header.size(), "-");
    table.rows.push_back(ours);
    if (cells.empty()) continue;
    table.rows.push_back(pooled);
    const auto paper = kPaper.find(name);
    if (study != "detection" || paper == kPaper.end()) continue;
    std::vector<std::string> row = {"  paper (CLEVRER)", "5", "100"};
    row.insert(row.end(), paper->second.begin(), paper->second.end());
    row.resize(table.header.size(), "");
    table.rows.push_back(row);
  }
  return table;
}

// "12 of 20": videos of all seeds in which the metric is defined.
std::string defined_videos(const std::vector<SeedScores>& cells, const std::string& metric) {
  if (cells.empty()) return "-";
  const SeedStatistics found = metric_statistics(cells, metric);
  return std::to_string(found.values) + " of " + std::to_string(found.values + found.undefined);
}

}  // namespace

SeedStatistics metric_statistics(const std::vector<SeedScores>& cells, const std::string& metric) {
  std::vector<std::vector<double>> per_seed;
  for (const SeedScores& cell : cells) {
    per_seed.emplace_back();
    for (const VideoScore& video : cell.scores.videos) {
      per_seed.back().push_back(value_of(video, metric));
    }
  }
  return seed_statistics(per_seed);
}

std::string seeds_text(const std::vector<SeedScores>& cells, const std::string& metric,
                       int digits) {
  const Summary seeds = metric_statistics(cells, metric).over_seeds;
  const double half_width = seeds.count < 2 ? NAN : seeds.ci95_upper - seeds.mean;
  return with_interval(seeds.mean, half_width, digits);
}

std::string pooled_text(const std::vector<SeedScores>& cells, const std::string& metric,
                        int digits) {
  const SeedStatistics found = metric_statistics(cells, metric);
  return with_interval(found.pooled_mean, found.reported_interval, digits);
}

Table study_table(const std::string& study, const StudyResults& results) {
  return make_table(study, results, kColumns);
}

Table released_table(const std::string& study, const StudyResults& results) {
  Table table = make_table(study, results, kReleasedColumns);
  table.header.push_back("videos with DOP, TOP");
  for (auto& row : table.rows) {
    const auto method = std::find_if(results.begin(), results.end(),
                                     [&](const auto& entry) { return entry.first == row.front(); });
    row.push_back(method == results.end() ? "" : defined_videos(method->second, "released_dop"));
  }
  return table;
}

std::string table_text(const Table& table) {
  std::vector<std::vector<std::string>> lines = {table.header};
  lines.insert(lines.end(), table.rows.begin(), table.rows.end());
  std::vector<size_t> width(table.header.size(), 0);
  for (const auto& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) width[i] = std::max(width[i], visible_width(line[i]));
  }
  std::string text;
  for (const auto& line : lines) {
    std::string row;
    for (size_t i = 0; i < line.size(); ++i) {
      row += line[i] + std::string(width[i] - visible_width(line[i]) + 2, ' ');
    }
    text += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string study_csv(const StudyResults& results) {
  std::vector<Column> columns = kColumns;
  columns.insert(columns.end(), kReleasedColumns.begin(), kReleasedColumns.end());
  std::string csv = "method,seed,video";
  for (const Column& column : columns) csv += "," + column.metric;
  csv += "\n";
  for (const auto& [name, cells] : results) {
    for (const SeedScores& cell : cells) {
      for (const VideoScore& video : cell.scores.videos) {
        csv += name + "," + std::to_string(cell.seed) + "," + video.video;
        for (const Column& column : columns) {
          const double value = value_of(video, column.metric);
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

}  // namespace mint::training
