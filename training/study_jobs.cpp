#include "training/study_jobs.h"

#include <cstdio>
#include <filesystem>
#include <set>
#include <string>

#include "training/interrupt.h"
#include "training/shard.h"

namespace mint::training {

void compute_cells(const std::vector<StudyCell>& cells, const StudyConfig& config,
                   const StudyTests& tests,
                   const std::function<void(size_t i, const OnProgress&)>& run) {
  const Shard shard = parse_shard(config.shard);
  std::vector<Job> jobs;
  std::set<std::filesystem::path> begun;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (!shard.holds(i) || is_done(cells[i])) continue;
    if (!begun.insert(cells[i].folder).second) continue;  // two rows that are the same cell
    jobs.push_back({"score", tests.count, [&cells, &run, i](const OnProgress& progress) {
                      const StudyCell& cell = cells[i];
                      if (is_interrupted()) throw Interrupted();
                      std::fprintf(stderr, "cell %s, seed %llu: %s\n", cell.row.c_str(),
                                   static_cast<unsigned long long>(cell.seed), cell.folder.c_str());
                      run(i, progress);
                    }});
  }
  if (jobs.empty()) return;
  run_jobs(std::to_string(jobs.size()) + " cells", "scored videos", jobs,
           static_cast<size_t>(config.jobs));
}

DoneCells done_cells(const std::vector<StudyRow>& rows, const std::vector<StudyCell>& cells) {
  DoneCells all;
  for (const StudyRow& row : rows) {
    std::vector<SeedScores> done;
    for (const StudyCell& cell : cells) {
      if (cell.row != row.name) continue;
      if (is_done(cell)) {
        done.push_back({cell.seed, read_scores(cell)});
      } else {
        ++all.missing;
      }
    }
    all.results.emplace_back(row.name, done);
  }
  return all;
}

void print_skipped(const StudyResults& results) {
  for (const auto& [name, cells] : results) {
    if (cells.empty() || cells.front().scores.skipped.empty()) continue;
    const auto& skipped = cells.front().scores.skipped;
    for (const std::string& reason : skipped) {
      std::fprintf(stderr, "skipped: %s\n", reason.c_str());
    }
    std::fprintf(stderr, "skipped %zu test videos\n", skipped.size());
    return;  // the same for all rows
  }
}

}  // namespace mint::training
