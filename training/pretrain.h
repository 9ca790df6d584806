// `mint pretrain` as a function: demonstrations in, the run of a trained and recalibrated detector
// out.
#pragma once

#include <filesystem>

#include "training/job_progress.h"
#include "training/pretrain_config.h"

namespace mint::training {

// Creates config.output, which must not be empty, and leaves there the run: metrics of every step
// (all loss terms), overlay pictures of held-out frames, a checkpoint. Returns the run's folder.
// The same configuration and data give the same weights and metrics. When a signal asks to stop
// (training/interrupt.h) it saves what it has and throws Interrupted.
std::filesystem::path pretrain_detector(const PretrainConfig& config,
                                        const OnProgress& on_progress);

}  // namespace mint::training
