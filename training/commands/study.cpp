#include "training/study.h"

#include <cstdio>

#include "training/commands/commands.h"
#include "training/dynamics_study.h"
#include "training/imitation_study.h"
#include "training/interrupt.h"
#include "training/preset_file.h"

namespace mint::training {
namespace {

// configs/study_<data>_<preset>.yaml of this program's source.
std::string default_file(const StudyOptions& options) {
  if (options.name == "imitation") return preset_file("study_imitation_" + options.preset);
  std::string data = "magical";
  for (const std::string& word : options.config.overrides) {
    const std::string key = "data=";
    if (word.rfind(key, 0) == 0 && word != key + "magical") data = "collisions";
  }
  return preset_file("study_" + data + "_" + options.preset);
}

void print_end(int64_t missing, const std::filesystem::path& folder) {
  if (missing > 0) {
    std::printf("%lld cells are still to be computed by other shards\n",
                static_cast<long long>(missing));
  }
  std::printf("report: %s\n", (folder / "report.html").c_str());
}

int imitation(const std::string& file, const StudyOptions& options) {
  const auto config = load_config<ImitationConfig>(file, options.config.overrides);
  const auto outcome = run_imitation_study(config);
  std::printf("%s", table_text(imitation_table(outcome.rows)).c_str());
  for (const std::string& note : outcome.notes) std::printf("%s\n", note.c_str());
  std::printf("all cells one after the other: %.1f min; %lld at once\n", outcome.budget_s / 60,
              static_cast<long long>(config.jobs));
  print_end(outcome.missing, outcome.folder);
  return 0;
}

int dynamics(const StudyConfig& config) {
  const auto outcome = run_dynamics_study(config);
  std::printf("%s\n%s", table_text(dynamics_table(outcome.results)).c_str(),
              table_text(motion_table(outcome.results)).c_str());
  for (const std::string& verdict : dynamics_verdicts(outcome.results)) {
    std::printf("%s\n", verdict.c_str());
  }
  print_end(outcome.missing, outcome.folder);
  return 0;
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
  const std::string file = has_file ? options.config.file : default_file(chosen);
  if (options.name == "imitation") return imitation(file, options);
  const auto config = load_config<StudyConfig>(file, options.config.overrides);
  if (options.name == "dynamics") return dynamics(config);
  const auto outcome = run_study(options.name, config);
  std::printf("%s", table_text(study_table(options.name, outcome.results)).c_str());
  print_end(outcome.missing, outcome.folder);
  return 0;
}

}  // namespace mint::training
