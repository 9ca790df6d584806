#include "training/commands/config_keys.h"

#include "training/clone_config.h"
#include "training/config.h"
#include "training/dynamics_config.h"
#include "training/imitation_config.h"
#include "training/pretrain_config.h"
#include "training/quickstart_config.h"
#include "training/study_config.h"

namespace mint::training {

std::string quickstart_keys() {
  return describe_config<QuickstartConfig>();
}

std::string pretrain_keys() {
  const PretrainConfig defaults;  // named: GCC 12 warns of a temporary's strings
  return describe_config(defaults);
}

std::string clone_keys() {
  return describe_config<CloneConfig>();
}

std::string fit_dynamics_keys() {
  const DynamicsConfig defaults;  // named, as above
  return describe_config(defaults);
}

std::string study_keys() {
  return describe_config<StudyConfig>() + "\nKeys of imitation:\n" +
         describe_config<ImitationConfig>();
}

}  // namespace mint::training
