// `mint record`: demonstrations of a task by its scripted expert or, in the other file, by hand.
#include <cstdio>

#include "training/commands/commands.h"
#include "training/commands/record_by_keyboard.h"
#include "training/demonstration_output.h"
#include "training/interrupt.h"
#include "training/known_task.h"
#include "training/progress.h"
#include "training/recording.h"

namespace mint::training {

int record(const RecordOptions& options) {
  const envs::EnvName environment = known_environment(options.task, options.variant);
  if (options.by == "keyboard") return record_by_keyboard(environment, options);
  RecordingConfig config;
  config.task = environment.task;
  config.variant = environment.variant;
  if (options.episodes > 0) config.episodes = options.episodes;
  config.noise = options.noise;
  config.seed = options.seed;

  const InterruptGuard guard;
  DemonstrationOutput::require_no_partial(options.output);  // it may be a person's
  DemonstrationOutput output(options.output);
  Progress progress("record", config.episodes, "episodes");
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
