// The table of a study: one row a method, our numbers with their interval over training seeds
// beside the paper's.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "training/report.h"
#include "training/statistics.h"
#include "training/study_cell.h"

namespace mint::training {

struct SeedScores {
  uint64_t seed = 0;
  CellScores scores;
};

// Rows in their order, each with the cells that are done.
using StudyResults = std::vector<std::pair<std::string, std::vector<SeedScores>>>;

// Of one metric over the seeds' cells; videos where it is undefined are left out.
SeedStatistics metric_statistics(const std::vector<SeedScores>& cells, const std::string& metric);

// The mean over seeds of the per-seed means ± half its 95 % t interval, "0.867 ± 0.028"; all videos
// and seeds pooled ± 2 s / sqrt(seeds), as the paper reports. "-" is undefined.
std::string seeds_text(const std::vector<SeedScores>& cells, const std::string& metric, int digits);
std::string pooled_text(const std::vector<SeedScores>& cells, const std::string& metric,
                        int digits);

// Header, then per method: mean over seeds of the per-seed means ± half their 95 % t interval; all
// videos and seeds pooled ± 2 s / sqrt(seeds), as the paper reports; and the paper's row where it
// has one. "-" is undefined.
Table study_table(const std::string& study, const StudyResults& results);

// DOP, TOP, UAK and DAK as the released program counts them (perception/released_metrics.h), laid
// out the same. A value is over the videos where that program has one; the last column says how
// many of all seeds' videos have a DOP and a TOP.
Table released_table(const std::string& study, const StudyResults& results);

// One line a row, columns aligned.
std::string table_text(const Table& table);

// method,seed,video,metric columns …: every number that both tables are made of.
std::string study_csv(const StudyResults& results);

}  // namespace mint::training
