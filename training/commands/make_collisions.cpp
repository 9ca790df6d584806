// `mint make-collisions`: a data set of colliding solids in CLEVRER's files.
#include <cstdio>

#include "training/collisions_output.h"
#include "training/commands/commands.h"
#include "training/interrupt.h"
#include "training/progress.h"

namespace mint::training {

int make_collisions(const MakeCollisionsOptions& options) {
  CollisionsOutputConfig config;
  config.train = options.train;
  config.validation = options.validation;
  config.test = options.test;
  config.seed = options.seed;
  config.jobs = options.jobs;
  config.resumes = options.resumes;

  const InterruptGuard guard;
  Progress progress("make-collisions", config.train + config.validation + config.test, "videos");
  const CollisionsOutputSummary summary =
      write_collisions(options.output, config, [&](int done) { progress.update(done); });
  progress.finish();
  std::printf("%s: %d videos written, %d were there already\n", options.output.c_str(),
              summary.written, summary.kept);
  return 0;
}

}  // namespace mint::training
