// A run directory: everything one run leaves behind, and the only place that knows its file names.
//
//   config.yaml        the resolved configuration     environment.txt   versions, processor, BLAS
//   metrics.jsonl      one line per log: same seed, same bytes
//   timings.jsonl      what differs from run to run: seconds, frames per second
//   checkpoints/<step>/, last -> checkpoints/<step>   see checkpoint.h
//   rounds/            DAgger's, see rollout_file.h
//   pictures/, videos/, evaluation.json, evaluation.csv, report.html
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "training/folder_lock.h"

namespace mint::training {

// In the order given; values are finite or not, as they come.
using NamedValues = std::vector<std::pair<std::string, double>>;

// A line of metrics.jsonl. Infinite and undefined values are kept as such.
struct MetricsLine {
  int64_t step = 0;
  NamedValues values;
};

// Whether a command begins a run or goes on with one.
enum class Start { kNew, kResume };

// A run that is to be resumed has another configuration.
class OtherConfiguration : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class RunDirectory {
 public:
  // kNew: creates the folder and its parents and writes the two texts. kResume: opens a run of this
  // configuration, whatever the moment at which it was stopped; one that is not there begins anew.
  // Throws std::runtime_error `folder: what: expected X, got Y` when a new one exists and holds
  // anything, when it is in use by another process, or when it is not writable; OtherConfiguration
  // when a resumed one is of another (but for `output`, `checkpoint_every` and `threads`).
  static RunDirectory open(const std::filesystem::path& folder, const std::string& config,
                           const std::string& environment, Start start = Start::kNew);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path checkpoints() const { return path_ / "checkpoints"; }
  std::filesystem::path last() const { return path_ / "last"; }
  std::filesystem::path rounds() const { return path_ / "rounds"; }

  // Both create the folder on first use and return the path of the file in it.
  std::filesystem::path picture(const std::string& name) const;
  std::filesystem::path video(const std::string& name) const;

  // Append one line, which is in the file (not only in a buffer) when they return.
  void log_metrics(int64_t step, const NamedValues& values) const;
  void log_timings(int64_t step, const NamedValues& values) const;

  // The length of metrics.jsonl, all of which is on the disk when it returns, and what brings the
  // file back to an earlier length. Throws when it is shorter than that.
  int64_t metrics_bytes() const;
  void cut_metrics(int64_t bytes) const;

 private:
  RunDirectory(std::filesystem::path path, std::shared_ptr<const FolderLock> lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::filesystem::path path_;
  std::shared_ptr<const FolderLock> lock_;  // held as long as there is a copy
};

// metrics.jsonl or timings.jsonl of a run; empty when there is none. A last line that was cut off
// is left out. Throws std::runtime_error `file:line: ...` for anything else that is not a line of
// ours.
std::vector<MetricsLine> read_metrics(const std::filesystem::path& file);

}  // namespace mint::training
