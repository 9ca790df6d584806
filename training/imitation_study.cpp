#include "training/imitation_study.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>

#include "training/atomic_file.h"
#include "training/interrupt.h"
#include "training/output_folder.h"
#include "training/shard.h"
#include "training/statistics.h"
#include "training/study_report.h"
#include "training/study_table.h"

namespace mint::training {
namespace {

// Paper, Table 3 (spec/agents_dynamics.md A.2): MINT's agent is our `interaction`.
const std::map<std::string, std::string> kPaper = {
    {"MoveToRegion interaction Demo", "1.00 ± 0.00"},
    {"MoveToRegion cnn Demo", "1.00 ± 0.00"},
    {"MoveToRegion interaction TestJitter", "0.86 ± 0.31"},
    {"MoveToRegion cnn TestJitter", "0.84 ± 0.32"},
    {"MoveToCorner interaction Demo", "1.00 ± 0.00"},
    {"MoveToCorner cnn Demo", "0.74 ± 0.35"},
    {"MoveToCorner interaction TestJitter", "0.80 ± 0.34"},
    {"MoveToCorner cnn TestJitter", "0.30 ± 0.38"},
    {"MakeLine interaction Demo", "0.20 ± 0.22"},
    {"MakeLine cnn Demo", "0.00 ± 0.00"},
    {"MakeLine interaction TestJitter", "0.06 ± 0.14"},
    {"MakeLine cnn TestJitter", "0.01 ± 0.06"},
};

std::string number(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

std::string shown_method(const ImitationRow& row) {
  return row.method == "dagger" ? "dagger *" : row.method;
}

std::string with_interval(double mean, double half_width) {
  return std::isfinite(half_width) ? number(mean) + " ± " + number(half_width) : number(mean);
}

void compute(const std::vector<ImitationCell>& cells, const ImitationConfig& config) {
  const Shard shard = parse_shard(config.shard);
  std::vector<Job> jobs;
  std::set<std::filesystem::path> begun;
  for (size_t i = 0; i < cells.size(); ++i) {
    const ImitationCell& cell = cells[i];
    if (!shard.holds(i) || is_done(cell) || !begun.insert(cell.folder).second) continue;
    jobs.push_back({"clone", cell.clone.steps, [&cell, &config](const OnProgress& progress) {
                      if (is_interrupted()) throw Interrupted();
                      std::fprintf(stderr, "cell %s, %s, seed %llu: %s\n", cell.task.c_str(),
                                   cell.method.c_str(), static_cast<unsigned long long>(cell.seed),
                                   cell.folder.c_str());
                      run_cell(cell, config, progress);
                    }});
  }
  if (jobs.empty()) return;
  run_jobs(std::to_string(jobs.size()) + " cells", "steps", jobs, static_cast<size_t>(config.jobs));
}

std::vector<ImitationRow> rows_of(const std::vector<ImitationCell>& cells, int64_t& missing) {
  std::vector<ImitationRow> rows;
  for (const ImitationCell& cell : cells) {
    if (rows.empty() || rows.back().task != cell.task || rows.back().method != cell.method) {
      rows.push_back({cell.task, cell.method, {}, {}});
    }
    if (!is_done(cell)) {
      ++missing;
      continue;
    }
    rows.back().seeds.push_back(cell.seed);
    rows.back().cells.push_back(read_scores(cell));
  }
  return rows;
}

Facts facts(const std::vector<ImitationRow>& rows, const ImitationConfig& config) {
  Facts facts;
  for (const ImitationRow& row : rows) {
    if (row.cells.empty()) continue;
    double training = 0, evaluation = 0, speed = 0;
    const auto count = static_cast<double>(row.cells.size());
    for (const ImitationScores& cell : row.cells) {
      training += cell.training_s / count;
      evaluation += cell.evaluation_s / count;
      speed += cell.samples_per_s / count;
    }
    char text[120];
    std::snprintf(text, sizeof text, "%.0f s training (%.0f decisions/s), %.0f s scoring a cell",
                  training, speed, evaluation);
    facts.list.emplace_back(row.task + ", " + row.method, text);
  }
  facts.list.emplace_back("demonstrations",
                          config.demonstrations + ", " + std::to_string(config.demos) + " a task");
  facts.list.emplace_back("cells at once", std::to_string(config.jobs));
  return facts;
}

// The films of the first seed of every row.
std::vector<ReportItem> films(const std::vector<ImitationRow>& rows) {
  std::vector<ReportItem> items;
  for (const ImitationRow& row : rows) {
    if (row.cells.empty()) continue;
    Videos videos;
    for (const std::string& file : row.cells.front().films) {
      const std::filesystem::path path(file);
      const auto extension = path.extension();
      if (extension != ".mp4" && extension != ".webm") continue;
      videos.list.push_back(
          {read_file(path), row.task + ", " + row.method + ", " + path.stem().string()});
    }
    if (!videos.list.empty()) items.push_back(videos);
  }
  return items;
}

}  // namespace

Table imitation_table(const std::vector<ImitationRow>& rows) {
  Table table;
  table.header = {"task",  "method",   "variant", "score",
                  "paper", "per seed", "pooled",  "seeds x episodes"};
  for (const ImitationRow& row : rows) {
    if (row.cells.empty()) {
      table.rows.push_back({row.task, shown_method(row), "-", "-", "-", "-", "-", "0"});
      continue;
    }
    for (const auto& [variant, first] : row.cells.front().scores) {
      std::vector<std::vector<double>> per_seed;
      std::string means;
      for (const ImitationScores& cell : row.cells) {
        per_seed.push_back(cell.scores.at(variant));
        means += (means.empty() ? "" : " ") + number(summarise(per_seed.back()).mean);
      }
      const SeedStatistics found = seed_statistics(per_seed);
      const Summary& seeds = found.over_seeds;
      const double half = seeds.count < 2 ? NAN : seeds.ci95_upper - seeds.mean;
      const auto paper = kPaper.find(row.task + " " + row.method + " " + variant);
      table.rows.push_back(
          {row.task, shown_method(row), variant, with_interval(seeds.mean, half),
           paper == kPaper.end() ? "" : paper->second, means,
           with_interval(found.pooled_mean, found.reported_interval),
           std::to_string(row.cells.size()) + " x " + std::to_string(first.size())});
    }
  }
  return table;
}

std::vector<std::string> imitation_notes(const std::vector<ImitationCell>& cells) {
  std::vector<std::string> notes;
  std::map<std::string, std::map<std::string, double>> epochs;  // by task and method
  for (const ImitationCell& cell : cells) {
    if (cell.method == "dagger" && notes.empty()) {
      notes.push_back(
          "* an upper reference, not cloning: while it was trained, a scripted expert " +
          std::string("that sees the simulator labelled its rollouts in Demo"));
    }
    const bool is_compared = cell.method == "cnn" || cell.method == "interaction";
    if (!is_compared || epochs[cell.task].count(cell.method) > 0) continue;
    epochs[cell.task][cell.method] = epochs_of(cell);
  }
  for (const auto& [task, of_method] : epochs) {
    if (of_method.size() < 2) continue;
    const double cnn = of_method.at("cnn"), interaction = of_method.at("interaction");
    if (cnn >= 2 * interaction) continue;
    char text[160];
    std::snprintf(text, sizeof text,
                  "%s: cnn gets %.1f epochs, %.2f times the %.1f of interaction; the paper gives "
                  "it twice as many",
                  task.c_str(), cnn, cnn / interaction, interaction);
    notes.emplace_back(text);
  }
  return notes;
}

std::string imitation_csv(const std::vector<ImitationRow>& rows) {
  std::string csv = "task,method,seed,variant,episode,score\n";
  for (const ImitationRow& row : rows) {
    for (size_t i = 0; i < row.cells.size(); ++i) {
      for (const auto& [variant, scores] : row.cells[i].scores) {
        for (size_t episode = 0; episode < scores.size(); ++episode) {
          char score[40];
          std::snprintf(score, sizeof score, "%.17g", scores[episode]);
          csv += row.task + "," + row.method + "," + std::to_string(row.seeds[i]) + ",\"" +
                 variant + "\"," + std::to_string(episode) + "," + score + "\n";
        }
      }
    }
  }
  return csv;
}

ImitationOutcome run_imitation_study(const ImitationConfig& config) {
  parse_shard(config.shard);
  const auto source = imitation_source(config, show_progress());
  const auto cells = imitation_cells(config, source);
  compute(cells, config);

  ImitationOutcome outcome;
  outcome.rows = rows_of(cells, outcome.missing);
  for (const ImitationRow& row : outcome.rows) {
    for (const ImitationScores& cell : row.cells) {
      outcome.budget_s += cell.training_s + cell.evaluation_s;
    }
  }
  outcome.folder = output_folder(config.output, "study-imitation");
  const Table table = imitation_table(outcome.rows);
  outcome.notes = imitation_notes(cells);
  std::string notes;
  for (const std::string& note : outcome.notes) notes += note + "\n";
  const std::string config_text = dump_config(config);
  write_study_texts(outcome.folder,
                    {config_text, table_text(table) + notes, imitation_csv(outcome.rows)});
  Report report;
  report.title = "Study: imitation";
  report.subtitle = std::to_string(config.episodes) + " episodes a variant, the same for all";
  std::vector<ReportItem> scores = {
      table,
      Paragraph{"Mean over training seeds of the seeds' mean scores ± half the 95 % t interval; "
                "pooled: all episodes ± 2 s / sqrt(seeds), as the paper reports. In Demo all "
                "episodes begin alike, so a seed has one score."}};
  for (const std::string& note : outcome.notes) scores.push_back(Paragraph{note});
  scores.push_back(facts(outcome.rows, config));
  report.sections.push_back({"Scores", scores});
  report.sections.push_back({"Best and worst episodes of the first seed", films(outcome.rows)});
  write_study_report(outcome.folder, config_text, report);
  return outcome;
}

}  // namespace mint::training
