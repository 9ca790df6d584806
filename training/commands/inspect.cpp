#include "training/commands/inspect.h"

#include <iostream>

#include "training/inspect.h"

namespace mint::training {

int inspect(const InspectOptions& options) {
  const Inspection inspection = inspect_path(options.path);
  std::cout << inspection.text << std::flush;
  for (const auto& line : inspection.damage) std::cerr << line << "\n";
  return inspection.damage.empty() ? 0 : 1;
}

}  // namespace mint::training
