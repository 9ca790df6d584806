// `mint pretrain` as a function: demonstrations in, the run of a trained and recalibrated detector
// out.
#pragma once

#include <filesystem>

#include "training/job_progress.h"
#include "training/pretrain_config.h"
#include "training/run_directory.h"

namespace mint::training {

// Creates config.output, which must not be empty, and leaves there the run: metrics of every step
// (all loss terms), overlay pictures of held-out frames, a checkpoint. Returns the run's folder.
// The same configuration and data give the same weights and metrics, also when the training was
// stopped at any moment and resumed (Start::kResume). When a signal asks to stop
// (training/interrupt.h) it saves what it has and throws Interrupted. Throws std::runtime_error
// when a loss is not finite, naming step, term and the last checkpoint.
std::filesystem::path pretrain_detector(const PretrainConfig& config, const OnProgress& on_progress,
                                        Start start = Start::kNew);

}  // namespace mint::training
