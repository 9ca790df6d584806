// `mint clone` as a function: demonstrations and a frozen detector in, the run of a policy out; by
// cloning alone, or by DAgger (training/dagger.h).
#pragma once

#include <filesystem>

#include "training/clone_config.h"
#include "training/job_progress.h"
#include "training/run_directory.h"

namespace mint::training {

// Creates config.output, which must not be empty, and leaves there the run: metrics (loss terms,
// accuracy on held-out demonstrations) and a checkpoint with the policy and its detector. Returns
// the run's folder. The same configuration and data give the same weights and metrics, also when
// the training was stopped at any moment and resumed. When a signal asks to stop it saves what it
// has and throws Interrupted; before the training, while the detector looks at the demonstrations,
// that is no checkpoint, but the keypoints stay in the cache. Throws ConfigError when the policy
// and the detector disagree in K, and as require_dagger().
std::filesystem::path clone_policy(const CloneConfig& config, const OnProgress& on_progress,
                                   Start start = Start::kNew);

}  // namespace mint::training
