#include "training/fit_dynamics.h"

#include <cstdio>

#include "training/commands/commands.h"
#include "training/interrupt.h"
#include "training/output_folder.h"

namespace mint::training {

int fit_dynamics(const ConfigArguments& arguments) {
  const InterruptGuard guard;
  auto config = load_config<DynamicsConfig>(arguments.file, arguments.overrides);
  config.output = output_folder(config.output, "dynamics", arguments.start());
  const auto fitted = fit_keypoint_predictor(config, show_progress(), arguments.start());
  if (fitted.errors.empty()) {
    std::printf("no held-out videos to measure on\n");
  } else {
    std::printf("mean error on held-out videos, pixels:\n%s",
                forecast_table(fitted.errors).c_str());
  }
  std::printf("predictor: %s\n", fitted.run.c_str());
  return 0;
}

}  // namespace mint::training
