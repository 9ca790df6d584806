// A new demonstration file that appears under its name only when it is whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "training/demonstrations.h"

namespace mint::training {

// Until finish() the episodes stand in `<file>.partial`, which the next object replaces. When the
// program is killed it stays there, readable, with every episode that was added.
class DemonstrationOutput {
 public:
  // Throws std::runtime_error `file: what: ...` when `file` exists or cannot be created.
  explicit DemonstrationOutput(const std::string& file);
  ~DemonstrationOutput();  // removes what was not finished, unless writing failed
  DemonstrationOutput(const DemonstrationOutput&) = delete;
  DemonstrationOutput& operator=(const DemonstrationOutput&) = delete;

  // Throws std::runtime_error when `<file>.partial` holds episodes or cannot be read, damaged or
  // being written: a recording that cannot be repeated must not be replaced.
  static void require_no_partial(const std::string& file);

  void add(const Episode& episode);

  // Gives the file its name. Returns "demos.h5: 24 episodes, 960 samples, 1.2 MB".
  std::string finish();

  // For a job that is told to stop: closes the partial file, which stays. Returns the same for it;
  // "interrupted before the first episode" when there is none.
  std::string keep_partial();

 private:
  void close();
  std::string summary(const std::filesystem::path& file) const;

  std::filesystem::path file_, partial_;
  std::optional<DemonstrationWriter> writer_;  // none once it is done with
  int64_t episodes_ = 0;
  int64_t samples_ = 0;
};

}  // namespace mint::training
