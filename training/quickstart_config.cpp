#include "training/quickstart_config.h"

#include "training/clone_config.h"

namespace mint::training {

void fields(Fields& f, QuickstartConfig& c) {
  Text tasks = one_of(task_names());
  tasks.required = "at least one task";
  f.field("tasks", c.tasks, tasks, "to learn");
  f.field("demonstrations", c.demonstrations, range(2, 100000), "per task");
  f.field("noise", c.noise, range(0, 0.9), "of the recording experts, see mint record");
  f.field("epochs", c.epochs, range(1, 100000), "of the detector");
  f.field("steps", c.steps, range(1, 100000000), "of each policy");
  f.field("episodes", c.episodes, range(1, 100000), "of each evaluation");
  f.field("seed", c.seed, range(0, 9007199254740992.0), "root seed");
}

}  // namespace mint::training
