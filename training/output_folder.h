// Where a run goes when the user does not say.
#pragma once

#include <filesystem>
#include <string>

#include "training/config_error.h"
#include "training/run_directory.h"

namespace mint::training {

// `given` itself, or when it is empty the first of runs/<name>, runs/<name>-2, runs/<name>-3 … that
// does not exist yet. Throws ConfigError when a run is to be resumed and nobody says which.
inline std::string output_folder(const std::string& given, const std::string& name,
                                 Start start = Start::kNew) {
  if (!given.empty()) return given;
  if (start == Start::kResume) {
    throw ConfigError("--resume: expected the output folder of the run to go on with, got none");
  }
  const std::string first = "runs/" + name;
  std::string folder = first;
  for (int number = 2; std::filesystem::exists(folder); ++number) {
    folder = first + "-" + std::to_string(number);
  }
  return folder;
}

}  // namespace mint::training
