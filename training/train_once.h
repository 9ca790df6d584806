// The training of a study's cell: done once, in its folder.
#pragma once

#include <filesystem>
#include <functional>

namespace mint::training {

// Calls `train`, which makes the folder `run` or resumes what an earlier call of it that was
// stopped has left there, unless <folder>/trained.txt says that it was done. What was begun with
// another configuration (paths that have changed, an earlier version) is removed first. Returns the
// seconds that it took, the last time. The caller holds the folder's lock.
double train_once(const std::filesystem::path& folder, const std::filesystem::path& run,
                  const std::function<void()>& train);

}  // namespace mint::training
