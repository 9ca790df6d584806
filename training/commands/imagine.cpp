#include "training/imagine.h"

#include <cstdio>
#include <filesystem>
#include <set>

#include "training/commands/commands.h"
#include "training/interrupt.h"
#include "training/output_folder.h"

namespace mint::training {

int imagine(const ImagineOptions& options) {
  const InterruptGuard guard;
  const std::filesystem::path folder = output_folder("", "imagine");
  const std::string film = options.output.empty() ? (folder / "imagined").string() : options.output;
  const auto found = imagine(
      {options.input, options.episode, options.dynamics, film, options.frames}, show_progress());
  const int64_t last = options.frames;
  for (const int64_t h : std::set<int64_t>{1, (last + 1) / 2, last}) {
    const ImaginedError& error = found.errors[static_cast<size_t>(h - 1)];
    std::printf("%lld ahead: imagined %.2f px off, staying %.2f px\n", static_cast<long long>(h),
                error.imagined, error.stays);
  }
  std::printf("film: %s (%lld frames)\n", found.film.c_str(), static_cast<long long>(found.frames));
  return 0;
}

}  // namespace mint::training
