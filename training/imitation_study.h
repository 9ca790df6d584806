// `mint study imitation`: all cells of Table 3, the table beside the paper's, a page with films.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "training/imitation_cell.h"
#include "training/report.h"

namespace mint::training {

// The cells of one task and method that are done.
struct ImitationRow {
  std::string task;
  std::string method;
  std::vector<uint64_t> seeds;
  std::vector<ImitationScores> cells;
};

struct ImitationOutcome {
  std::filesystem::path folder;  // table.txt, scores.csv, report.html
  std::vector<ImitationRow> rows;
  int64_t missing = 0;  // cells that other shards have still to compute
  double budget_s = 0;  // training and scoring of all cells, one after the other
};

// A row a task, method and variant: mean over seeds of the seeds' mean scores ± half their 95 % t
// interval, the mean of each seed, all episodes pooled as the paper reports them (± 2 s / sqrt of
// the seeds), and the paper's numbers where it has them.
// The method "dagger" is marked "dagger *", which imitation_note() explains.
Table imitation_table(const std::vector<ImitationRow>& rows);

// A sentence to stand below the table; empty where nothing in it is marked.
std::string imitation_note(const std::vector<ImitationRow>& rows);

// task,method,seed,variant,episode,score
std::string imitation_csv(const std::vector<ImitationRow>& rows);

// Computes the cells of this shard that are not done, `jobs` at once, and writes the table of all
// cells that are.
ImitationOutcome run_imitation_study(const ImitationConfig& config);

}  // namespace mint::training
