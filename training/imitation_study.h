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
  std::vector<std::string> notes;  // below the table
  int64_t missing = 0;             // cells that other shards have still to compute
  double budget_s = 0;             // training and scoring of all cells, one after the other
};

// A row a task, method and variant: mean over seeds of the seeds' mean scores ± half their 95 % t
// interval, the mean of each seed, all episodes pooled as the paper reports them (± 2 s / sqrt of
// the seeds), and the paper's numbers where it has them.
// The method "dagger" is marked "dagger *", which imitation_notes() explain.
Table imitation_table(const std::vector<ImitationRow>& rows);

// Sentences to stand below the table: what "dagger *" is, and where cnn gets less than twice the
// epochs of interaction, which is what the paper gives it (A.4). Reads the lists of demonstrations.
std::vector<std::string> imitation_notes(const std::vector<ImitationCell>& cells);

// task,method,seed,variant,episode,score
std::string imitation_csv(const std::vector<ImitationRow>& rows);

// Computes the cells of this shard that are not done, `jobs` at once, and writes the table of all
// cells that are.
ImitationOutcome run_imitation_study(const ImitationConfig& config);

}  // namespace mint::training
