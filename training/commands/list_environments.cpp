#include "training/commands/list_environments.h"

#include <cstdio>
#include <string>

#include "agents/experts/expert.h"
#include "envs/preprocessor.h"
#include "envs/task.h"

namespace mint::training {

void list_environments() {
  for (const envs::TaskSpec& task : envs::tasks()) {
    const char* by = experts::has_expert(task.name) ? "keyboard, expert" : "keyboard";
    for (const std::string& variant : task.variants) {
      const std::string name = envs::to_string(envs::EnvName{task.name, variant, ""});
      std::printf("%-32s %3d steps  by %s\n", name.c_str(), task.episode_length, by);
    }
  }
  std::string names;
  for (const envs::Preprocessor preprocessor : envs::kPreprocessors) {
    if (preprocessor == envs::Preprocessor::kNone) continue;
    names += (names.empty() ? "" : ", ") + std::string(envs::to_string(preprocessor));
  }
  std::printf("Preprocessors, which may stand before -v0: %s\n", names.c_str());
}

}  // namespace mint::training
