#include "training/pretrain.h"

#include <algorithm>
#include <cstdio>
#include <set>

#include "envs/task.h"
#include "perception/threads.h"
#include "training/agent.h"
#include "training/commands/commands.h"
#include "training/coverage.h"
#include "training/interrupt.h"
#include "training/known_task.h"
#include "training/output_folder.h"
#include "training/video_set_kinds.h"

namespace mint::training {
namespace {

// The tasks that were learnt from and for which there are expert rollouts with masks.
std::set<std::string> known_tasks(const PretrainConfig& config) {
  std::set<std::string> found;
  if (!is_demonstrations(video_set(config))) return found;
  const DataConfig& data = config.data;
  for (const std::string& file : data.files) {
    for (const EpisodeInfo& episode : list_demonstrations(file)) {
      const std::string task = envs::parse_env_name(episode.env_name).task;
      const bool is_learnt =
          data.tasks.empty() || std::count(data.tasks.begin(), data.tasks.end(), task);
      if (is_learnt && is_known_task(task)) found.insert(task);
    }
  }
  return found;
}

}  // namespace

int pretrain(const ConfigArguments& arguments) {
  const InterruptGuard guard;
  auto config = load_config<PretrainConfig>(arguments.file, arguments.overrides);
  config.output = output_folder(config.output, "pretrain", arguments.start());
  perception::set_threads(config.threads);
  const auto run = pretrain_detector(config, show_progress(), arguments.start());
  const auto detector = load_detector(run.string());
  const auto tasks = known_tasks(config);
  if (!tasks.empty()) {
    std::printf("coverage of expert rollouts by active keypoints (share of frames, of blocks):\n");
  }
  for (const std::string& task : tasks) {
    const auto seeds = coverage_seeds(config.seed);
    std::printf("  %s\n", to_line(measure_coverage(*detector, task, seeds)).c_str());
  }
  std::printf("detector: %s\n", run.c_str());
  return 0;
}

}  // namespace mint::training
