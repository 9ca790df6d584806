// CRC-32 of what an episode is: HDF5 itself returns zeros when a damaged index loses a block.
#pragma once

#include <zlib.h>

#include <cstdint>

#include "training/demonstrations.h"

namespace mint::training {

// Of frames, actions, executed actions (both as int64) and states, in this order; the file's
// @crc32.
inline int64_t content_checksum(const Episode& episode) {
  uLong crc = crc32_z(0, episode.frames.data(), episode.frames.size());
  std::vector<int64_t> actions(episode.actions.begin(), episode.actions.end());
  actions.insert(actions.end(), episode.executed_actions.begin(), episode.executed_actions.end());
  crc = crc32_z(crc, reinterpret_cast<const Bytef*>(actions.data()),
                actions.size() * sizeof(int64_t));
  if (!episode.states.empty())
    crc = crc32_z(crc, reinterpret_cast<const Bytef*>(episode.states.data()),
                  episode.states.size() * sizeof(double));
  return static_cast<int64_t>(crc);
}

}  // namespace mint::training
