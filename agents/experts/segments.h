// A demonstration cut into object-centred segments, after MimicGen (Mandlekar et al. 2023): each is
// the approach to one block, its carry and its release. In another scene the same segments say
// which blocks go where in which order, and from which side each is fetched.
#pragma once

#include <vector>

#include "agents/experts/plan_trials.h"
#include "envs/geometry.h"
#include "envs/scene.h"

namespace mint::experts {

struct Segment {
  int block = 0;       // index into State::blocks
  int begin = 0;       // the last state before the block moves
  int end = 0;         // the first in which it has come to rest
  envs::Vec2 from;     // where its centre lies at `begin`
  envs::Vec2 to;       // and when it is moved the next time, or at the end of the demonstration
  double heading = 0;  // of the robot when it grips the block or begins to push it
  bool is_gripped = false;  // false: it was pushed
};

struct Outline {
  std::vector<Segment> segments;  // in the order of their ends
  // Of blocks without segments: moved by accident, or while another block was carried.
  std::vector<Segment> bumps;
  envs::Vec2 rest;  // where the robot stands at the end
};

// `states` are those of a whole episode. What moves a block by less than 0.08 is no segment,
// neither is a push of a block that is carried later; consecutive segments of one block are one.
Outline outline_of(const std::vector<envs::State>& states);

// The outline of the demonstration of `from`, as it would be in `to`: the same task with entities
// at other places. A place in a region moves with the region; any other moves as the blocks do that
// the demonstration leaves where they are, the near ones most; without any it stays. The heading of
// an approach keeps its angle to the direction in which the block is moved.
Outline transformed(const Outline& outline, const envs::Scene& from, const envs::Scene& to);

// One job for every segment.
Plan plan_of(const std::vector<Segment>& segments);

}  // namespace mint::experts
