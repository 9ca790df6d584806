// The rollouts of a round of DAgger on disk: <run>/rounds/round_<N>.safetensors. A resumed training
// learns from them again; it could not repeat them without the policy of that moment.
#pragma once

#include <filesystem>
#include <vector>

#include "training/dagger.h"

namespace mint::training {

void write_rollouts(const std::filesystem::path& file,
                    const std::vector<LabelledRollout>& rollouts);

// Bit for bit what was written. Throws std::runtime_error `file: name: expected X, got Y`, also for
// a file that was damaged since.
std::vector<LabelledRollout> read_rollouts(const std::filesystem::path& file);

}  // namespace mint::training
