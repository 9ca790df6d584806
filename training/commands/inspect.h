// `mint inspect PATH`: prints what a demonstration file, a checkpoint or a run holds.
#pragma once

#include <string>

namespace mint::training {

struct InspectOptions {
  std::string path;
};

// Returns 0, or 1 after printing what is damaged, a line each, to stderr. Throws std::runtime_error
// for a path that holds nothing known.
int inspect(const InspectOptions& options);

}  // namespace mint::training
