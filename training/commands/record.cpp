// `mint record`: demonstrations of a task by its scripted expert.
#include <cstdio>

#include "training/commands/commands.h"
#include "training/demonstration_output.h"
#include "training/interrupt.h"
#include "training/known_task.h"
#include "training/progress.h"
#include "training/recording.h"

namespace mint::training {

int record(const RecordOptions& options) {
  require_known_task(options.task, options.variant);
  RecordingConfig config;
  config.task = options.task;
  config.variant = options.variant;
  config.episodes = options.episodes;
  config.noise = options.noise;
  config.seed = options.seed;

  const InterruptGuard guard;
  DemonstrationOutput output(options.output);
  Progress progress("record", options.episodes, "episodes");
  int done = 0;
  record_expert(config, [&](const Episode& episode) {
    output.add(episode);
    progress.update(++done);
    if (is_interrupted()) throw Interrupted(output.keep_partial());
  });
  progress.finish();
  std::printf("%s\n", output.finish().c_str());
  return 0;
}

}  // namespace mint::training
