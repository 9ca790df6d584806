// Reads the original MAGICAL demonstrations (`demo-<Task>-Demo-v0-NNN.pkl.gz`) natively. Their
// format is described in shared/demos/README.md: one pickle with the actions, the score and two
// 384 x 384 views per step, of which the allocentric one is kept, down-sampled to 96 x 96.
#pragma once

#include <filesystem>
#include <vector>

#include "training/demonstrations.h"

namespace mint::training {

// `states` is empty, `seed` 0, `source` "magical:<file name>". A file that is truncated, damaged,
// hostile or of another kind is one std::runtime_error, `file: byte N: expected X, got Y`. Takes
// 0.05 to 0.2 s and less than 30 MB.
Episode read_magical_demonstration(const std::filesystem::path& file);

// `path` itself if it is a file, else all *.pkl.gz files in the folder and its subfolders, sorted.
// Throws std::runtime_error when there is none.
std::vector<std::filesystem::path> find_magical_demonstrations(const std::filesystem::path& path);

}  // namespace mint::training
