// The one controller behind all experts that move blocks: approach a block with the gripper open,
// close on it, carry it to a place, open, back off.
//
// Which of these it does follows from the visible state alone (poses, gripper, velocities), so
// that a policy which sees the same can learn it. What a job remembers - the way it is on, whether
// something halts the robot - could be found again from a few states.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "agents/experts/route.h"
#include "agents/experts/way.h"
#include "envs/geometry.h"
#include "envs/scene.h"
#include "envs/world.h"

namespace mint::experts {

// All ways of carrying a block to its target.
struct Haul {
  Passage passage;
  Routes routes;
};

struct Job {
  int block = 0;      // index into State::blocks
  envs::Vec2 target;  // where its centre shall be
  // A block that the robot does not hold counts as delivered within `loose`, a held one is pushed
  // until it is level with the target.
  double loose = 0.12;
  double clearance = 0.5;  // distance of the robot from the block when it has backed off
  // The heading from which the block is approached, between the other blocks. Without one the robot
  // drives straight at the block.
  std::optional<double> heading;

  // What pick_and_place remembers of its work.
  std::shared_ptr<const Haul> haul;  // from the gripping to the target
  Way way = {};                      // found when it is needed, and again when blocks have moved
  int halted = 0;                    // steps without motion although there should be some
  int backing = 0;                   // steps left of getting away from what halted the robot
  int backing_drive = -1;            // of these steps
  int escapes = 0;                   // how often it had to get away
};

// The heading for `job` from here: near the robot, with room to drive in, towards the target. With
// `rank` 1 the second best, and so on, of headings that differ clearly. Leaves the ways it has
// found in `job`.
double choose_heading(const envs::State& state, Job& job, int rank = 0);

// What gets in the way, in control steps, of gripping a block from the best heading, and of letting
// go of it at `target`, when the other blocks lie at `others`. 0: nothing.
double fetching_cost(const std::vector<envs::Vec2>& others, const envs::Vec2& block);
double placing_cost(const std::vector<envs::Vec2>& others, const envs::Vec2& target);

bool is_held(const envs::State& state, int block);  // between closed fingers
bool is_between_fingers(const envs::State& state, int block);

// The block lies where it belongs and the robot has let go of it and is clear of it.
bool is_done(const envs::State& state, const Job& job);

// The command of the next control step; stands still with an open gripper when the job is done.
envs::Command pick_and_place(const envs::State& state, Job& job);

}  // namespace mint::experts
