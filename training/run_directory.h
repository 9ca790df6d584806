// A run directory: everything one run leaves behind, and the only place that knows its file names.
//
//   config.yaml        the resolved configuration     environment.txt   versions, processor, BLAS
//   metrics.jsonl      one line per log: same seed, same bytes
//   timings.jsonl      what differs from run to run: seconds, frames per second
//   checkpoints/<step>/, last -> checkpoints/<step>   see checkpoint.h
//   pictures/, videos/, evaluation.json, evaluation.csv, report.html
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace mint::training {

// In the order given; values are finite or not, as they come.
using NamedValues = std::vector<std::pair<std::string, double>>;

// A line of metrics.jsonl. Infinite and undefined values are kept as such.
struct MetricsLine {
  int64_t step = 0;
  NamedValues values;
};

class RunDirectory {
 public:
  // Creates the folder and its parents and writes the two texts. Throws std::runtime_error
  // `folder: what: expected X, got Y` when it exists and holds anything, or is not writable.
  static RunDirectory create(const std::filesystem::path& folder, const std::string& config,
                             const std::string& environment);

  // An existing run. Lines of both logs beyond `step` are dropped, so that a resumed run writes
  // the logs of an uninterrupted one.
  static RunDirectory resume(const std::filesystem::path& folder, int64_t step);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path checkpoints() const { return path_ / "checkpoints"; }
  std::filesystem::path last() const { return path_ / "last"; }

  // Both create the folder on first use and return the path of the file in it.
  std::filesystem::path picture(const std::string& name) const;
  std::filesystem::path video(const std::string& name) const;

  // Append one line, which is in the file (not only in a buffer) when they return.
  void log_metrics(int64_t step, const NamedValues& values) const;
  void log_timings(int64_t step, const NamedValues& values) const;

 private:
  explicit RunDirectory(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

// metrics.jsonl or timings.jsonl of a run; empty when there is none. A last line that was cut off
// is left out. Throws std::runtime_error `file:line: ...` for anything else that is not a line of
// ours.
std::vector<MetricsLine> read_metrics(const std::filesystem::path& file);

}  // namespace mint::training
