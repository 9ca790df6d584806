#include "training/clone.h"

#include <cstdio>

#include "training/commands/commands.h"
#include "training/interrupt.h"
#include "training/output_folder.h"

namespace mint::training {

int clone(const ConfigArguments& arguments) {
  const InterruptGuard guard;
  auto config = load_config<CloneConfig>(arguments.file, arguments.overrides);
  config.output = output_folder(config.output, "clone-" + config.task, arguments.start());
  const auto run = clone_policy(config, show_progress(), arguments.start());
  std::printf("policy: %s\n", run.c_str());
  return 0;
}

}  // namespace mint::training
