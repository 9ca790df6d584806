// The training of a study's cell: done once, in its folder.
#pragma once

#include <filesystem>
#include <functional>

namespace mint::training {

// Calls `train`, which makes the folder `run`, unless <folder>/trained.txt says that it was done;
// what a training that was stopped has left in `run` is removed first. Returns the seconds that it
// took. The caller holds the folder's lock.
double train_once(const std::filesystem::path& folder, const std::filesystem::path& run,
                  const std::function<void()>& train);

}  // namespace mint::training
