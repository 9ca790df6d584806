// Which demonstrations a run learns from, and which it holds out to look at.
#pragma once

#include <string>
#include <vector>

#include "training/demonstrations.h"

namespace mint::training {

struct DataConfig {
  std::vector<std::string> files;  // demonstration files, read in this order
  std::vector<std::string> tasks;  // those of them that the files hold; all when empty
  int64_t demos_per_task = 24;     // the first so many of each task are learnt from; 0: all
  int64_t held_out_per_task = 1;   // never learnt from
};

// One that was chosen, not read yet: its frames are on disk.
struct ChosenEpisode {
  std::string file;
  EpisodeInfo info;
};

struct EpisodeChoice {
  std::vector<ChosenEpisode> train;
  std::vector<ChosenEpisode> held_out;
};

// Per task the first `demos_per_task` episodes train; those held out are the ones that follow, or
// where there are too few, the last ones, which then do not train. Throws std::runtime_error when
// no task is left or one has no episode left to train on, when one is not from Demo (the other
// variants test what was learnt) or when the frames differ in size.
EpisodeChoice choose_episodes(const DataConfig& config);

// Throws as load_demonstrations() does.
Episode read_episode(const ChosenEpisode& chosen);

// The same episodes, all of them read.
struct EpisodeSelection {
  std::vector<Episode> train;
  std::vector<Episode> held_out;
};
EpisodeSelection select_episodes(const DataConfig& config);

}  // namespace mint::training
