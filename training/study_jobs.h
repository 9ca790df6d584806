// What all studies of detectors do with their cells: compute those of this shard, several at once,
// and gather what is done.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "training/job_progress.h"
#include "training/study_cell.h"
#include "training/study_table.h"

namespace mint::training {

// Calls run(i) for every cell of this shard that is not done, config.jobs at once; of cells that
// are the same, for the first. Rethrows what the first failing cell throws, after the others have
// ended.
void compute_cells(const std::vector<StudyCell>& cells, const StudyConfig& config,
                   const StudyTests& tests,
                   const std::function<void(size_t i, const OnProgress&)>& run);

struct DoneCells {
  StudyResults results;
  int64_t missing = 0;  // cells that other shards have still to compute
};
DoneCells done_cells(const std::vector<StudyRow>& rows, const std::vector<StudyCell>& cells);

// Names on stderr the test videos that could not be used.
void print_skipped(const StudyResults& results);

}  // namespace mint::training
