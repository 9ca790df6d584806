// `mint study`: all cells of a table, the table, a page with pictures.
#pragma once

#include <filesystem>
#include <string>

#include "training/study_config.h"
#include "training/study_table.h"

namespace mint::training {

struct StudyOutcome {
  std::filesystem::path folder;  // table.txt, scores.csv, report.html, pictures/
  StudyResults results;
  int64_t missing = 0;  // cells that other shards have still to compute
};

// Computes the cells of this shard that are not done, `jobs` at once, and writes the table of all
// cells that are. Throws ConfigError for a shard that is not i/n, and what the first failing cell
// throws, after the others have ended.
StudyOutcome run_study(const std::string& study, const StudyConfig& config);

}  // namespace mint::training
