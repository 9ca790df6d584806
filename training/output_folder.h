// Where a run goes when the user does not say.
#pragma once

#include <filesystem>
#include <string>

namespace mint::training {

// `given` itself, or when it is empty the first of runs/<name>, runs/<name>-2, runs/<name>-3 … that
// does not exist yet.
inline std::string output_folder(const std::string& given, const std::string& name) {
  if (!given.empty()) return given;
  const std::string first = "runs/" + name;
  std::string folder = first;
  for (int number = 2; std::filesystem::exists(folder); ++number) {
    folder = first + "-" + std::to_string(number);
  }
  return folder;
}

}  // namespace mint::training
