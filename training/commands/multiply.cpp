// `mint multiply`: many episodes near the demonstrated ones, out of a demonstration file.
#include "training/multiply.h"

#include <cstdio>
#include <filesystem>
#include <optional>

#include "training/commands/commands.h"
#include "training/demonstration_output.h"
#include "training/interrupt.h"
#include "training/known_task.h"
#include "training/progress.h"

namespace mint::training {
namespace {

std::vector<MultiplySources> read_sources(const MultiplyOptions& options) {
  std::optional<Progress> progress;  // from the first one on: a broken file is one line and no more
  std::vector<std::string> remarks;
  const auto sources = read_multiply_sources(
      options.demonstrations, options.task, options.jobs,
      [&](int64_t done, int64_t total) {
        if (!progress) progress.emplace("read", total, "demonstrations");
        progress->update(done);
      },
      remarks);
  if (progress) progress->finish();
  for (const std::string& remark : remarks) std::printf("%s\n", remark.c_str());
  return sources;
}

}  // namespace

int multiply(const MultiplyOptions& options) {
  if (!options.task.empty()) require_known_task(options.task, "Demo");
  MultiplyConfig config;
  config.episodes = options.episodes;
  config.noise = options.noise;
  config.jitter = {options.position_jitter, options.angle_jitter};
  config.seed = options.seed;
  config.jobs = options.jobs;
  const std::string file_name = std::filesystem::path(options.demonstrations).filename().string();

  const InterruptGuard guard;
  DemonstrationOutput::require_no_partial(options.output);
  DemonstrationOutput output(options.output);
  const std::vector<MultiplySources> sources = read_sources(options);
  Progress progress("multiply", static_cast<int64_t>(sources.size()) * config.episodes, "episodes");
  int64_t done = 0;
  std::vector<std::string> lines;
  for (const MultiplySources& entry : sources) {
    const MultiplyCount count = multiply(entry, file_name, config, [&](const Episode& episode) {
      output.add(episode);
      progress.update(++done, entry.task);
      if (is_interrupted()) throw Interrupted(output.keep_partial());
    });
    if (is_interrupted()) throw Interrupted(output.keep_partial());
    lines.push_back(entry.task + ": " + std::to_string(count.kept) + " of " +
                    std::to_string(count.trials) + " trials scored 1, from " +
                    std::to_string(entry.demonstrations.size()) + " demonstrations");
  }
  progress.finish();
  for (const std::string& line : lines) std::printf("%s\n", line.c_str());
  std::printf("%s\n", output.finish().c_str());
  return 0;
}

}  // namespace mint::training
