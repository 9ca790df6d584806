#include "training/score_table.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace mint::training {
namespace {

std::string exact(double value) {
  char buffer[40];
  return {buffer, std::to_chars(buffer, buffer + sizeof(buffer), value).ptr};
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string two_decimals(double value) {
  char buffer[40];
  std::snprintf(buffer, sizeof(buffer), "%.2f", value);
  return std::string(buffer) == "-0.00" ? "0.00" : buffer;
}

}  // namespace

ScoreRow make_score_row(const std::string& demo_env, const std::string& test_env,
                        const std::vector<double>& scores, const std::string& run_id) {
  const Summary summary = summarise(scores);
  return {demo_env,           test_env,          summary.mean, summary.ci95_lower,
          summary.ci95_upper, summary.deviation, run_id};
}

std::string score_csv(const std::vector<ScoreRow>& rows) {
  std::string csv = "demo_env,test_env,mean_score,ci95_lower,ci95_upper,std_score,run_id\n";
  for (const auto& row : rows)
    csv += csv_field(row.demo_env) + "," + csv_field(row.test_env) + "," + exact(row.mean_score) +
           "," + exact(row.ci95_lower) + "," + exact(row.ci95_upper) + "," + exact(row.std_score) +
           "," + csv_field(row.run_id) + "\n";
  return csv;
}

std::string score_json(const std::vector<ScoreRow>& rows) {
  auto json = nlohmann::ordered_json::array();
  for (const auto& row : rows) {
    nlohmann::ordered_json object;
    object["demo_env"] = row.demo_env;
    object["test_env"] = row.test_env;
    object["mean_score"] = row.mean_score;
    object["ci95_lower"] = row.ci95_lower;
    object["ci95_upper"] = row.ci95_upper;
    object["std_score"] = row.std_score;
    object["run_id"] = row.run_id;
    json.push_back(object);
  }
  return json.dump(2) + "\n";
}

std::string score_text(const std::vector<ScoreRow>& rows) {
  std::vector<std::vector<std::string>> cells = {
      {"trained on", "scored on", "mean", "95 % interval", "deviation", "run"}};
  for (const auto& row : rows)
    cells.push_back({row.demo_env, row.test_env, two_decimals(row.mean_score),
                     "[" + two_decimals(row.ci95_lower) + ", " + two_decimals(row.ci95_upper) + "]",
                     two_decimals(row.std_score), row.run_id});
  std::vector<size_t> width(cells[0].size(), 0);
  for (const auto& line : cells)
    for (size_t i = 0; i < line.size(); ++i) width[i] = std::max(width[i], line[i].size());
  std::string text;
  for (const auto& line : cells) {
    std::string row;
    for (size_t i = 0; i < line.size(); ++i)
      row += line[i] + std::string(width[i] - line[i].size() + 2, ' ');
    text += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

}  // namespace mint::training
