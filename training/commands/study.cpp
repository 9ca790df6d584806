#include "training/study.h"

#include <cstdio>

#include "training/commands/commands.h"
#include "training/interrupt.h"
#include "training/preset_file.h"

namespace mint::training {
namespace {

// configs/study_<data>_<preset>.yaml of this program's source.
std::string default_file(const StudyOptions& options) {
  std::string data = "magical";
  for (const std::string& word : options.config.overrides) {
    const std::string key = "data=";
    if (word.rfind(key, 0) == 0 && word != key + "magical") data = "collisions";
  }
  return preset_file("study_" + data + "_" + options.preset);
}

}  // namespace

int study(const StudyOptions& options) {
  const InterruptGuard guard;
  const bool has_file = !options.config.file.empty();
  if (has_file && !options.preset.empty()) {
    throw ConfigError("study: expected a config file or --preset, got both");
  }
  StudyOptions chosen = options;
  if (!has_file && chosen.preset.empty()) chosen.preset = "quick";
  const auto config = load_config<StudyConfig>(
      has_file ? options.config.file : default_file(chosen), options.config.overrides);
  const auto outcome = run_study(options.name, config);
  std::printf("%s", table_text(study_table(options.name, outcome.results)).c_str());
  if (outcome.missing > 0) {
    std::printf("%lld cells are still to be computed by other shards\n",
                static_cast<long long>(outcome.missing));
  }
  std::printf("report: %s\n", (outcome.folder / "report.html").c_str());
  return 0;
}

}  // namespace mint::training
