// Driving along a way: a list of poses to pass one after another, forwards, backwards or turning in
// place. Where the robot is on it follows from the state; only how far it has got is remembered.
#pragma once

#include <vector>

#include "agents/experts/route.h"
#include "envs/scene.h"
#include "envs/world.h"

namespace mint::experts {

struct Way {
  Passage passage;  // as it was when the way was found
  std::vector<Waypoint> points;
  size_t next = 0;  // the first point that has not been passed
};

bool is_finished(const Way& way);

// The same gripper between blocks that are, but for a little, at the same places.
bool is_alike(const Passage& a, const Passage& b);

// Whether the way was found for what `passage` says now, and the robot has not left it.
bool is_valid(const Way& way, const Passage& passage, const envs::State& state);

// Passes over the points that are reached; the command towards the next one, with the gripper
// closed as the passage says. Stands still when the way is finished.
envs::Command follow(const envs::State& state, Way& way);

}  // namespace mint::experts
