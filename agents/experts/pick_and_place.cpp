#include "agents/experts/pick_and_place.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "agents/experts/motion.h"
#include "agents/experts/route.h"
#include "envs/robot_geometry.h"

namespace mint::experts {

using envs::Command;
using envs::State;
using envs::Vec2;

namespace {

// In the robot's frame, y ahead. A block that touches the body is about 0.32 ahead of its centre.
constexpr double kGripWidth = 0.11;     // |x| of a block between the fingers
constexpr double kGripReach = 0.41;     // y of a block that the fingers can hold
constexpr double kGripDepth = 0.38;     // y at which the fingers close on it
constexpr double kGripDistance = 0.32;  // of a held block from the robot's centre
constexpr double kTooClose = 0.50;      // nearer than this a turn would sweep the block away
constexpr double kAligned = 0.62;       // where the last straight piece of an approach begins

// Opening = angle between the fingers: pi/4 fully open, about 0.5 with a block between them.
constexpr double kOpen_rad = 0.74;
constexpr double kClosing_rad = 0.70;

constexpr double kCarriedStop = 0.11;  // how far a carried block goes on at full speed
constexpr double kHomeward = 0.2;     // nearer to the target a carrying robot heads straight for it
constexpr double kFacing_rad = 0.7;   // of a robot that begins the last straight piece
constexpr double kOvershoot = 0.03;   // beyond which a block is pulled back
constexpr double kGoalRadius = 0.08;  // of the places where a carried block may be released
// A robot that should move but is slower than this for some steps is halted by something. With a
// block in the gripper it takes longer to get going.
constexpr double kHaltedSpeed = 0.15;
constexpr double kHaltedSpin = 0.8;
constexpr double kHaltedHoldingSpeed = 0.06;
constexpr double kHaltedHoldingSpin = 0.3;
constexpr double kBackingRoom = 0.04;
constexpr int kHaltedSteps = 3;
constexpr int kBackingSteps = 3;

constexpr int kHeadings = 16;           // from which a block is approached
constexpr double kContactCost = 50;     // steps per unit of contact
constexpr double kCarryTurn_rad = 0.7;  // beyond this heading error a carrying robot turns in place

double opening(const State& state) {
  return state.fingers[envs::kLeft].pose.angle - state.fingers[envs::kRight].pose.angle;
}

Vec2 local_block(const State& state, int block) {
  return to_local(state.robot.pose, position(state.blocks.at(block).pose));
}

// How far the carried block still is from being level with the target, measured ahead.
double remaining(const State& state, const Job& job) {
  const Vec2 ahead = forward(state.robot.pose.angle);
  const Vec2 left = job.target - position(state.blocks.at(job.block).pose);
  const double speed = envs::dot({state.robot.vx, state.robot.vy}, ahead);
  return envs::dot(left, ahead) - kCarriedStop * std::max(speed, 0.0) / 0.8;
}

bool is_delivered(const State& state, const Job& job) {
  const Vec2 left = job.target - position(state.blocks.at(job.block).pose);
  if (envs::length(left) > job.loose) return false;
  return !is_held(state, job.block) || remaining(state, job) < 0.03;
}

// Past all blocks but `held`, -1 for none.
Passage passage_of(const State& state, int held) {
  Passage passage;
  passage.is_holding = held >= 0;
  for (size_t i = 0; i < state.blocks.size(); ++i) {
    if (static_cast<int>(i) != held) passage.obstacles.push_back(position(state.blocks[i].pose));
  }
  return passage;
}

// Where the last straight piece of an approach with this heading begins.
Vec2 entry_point(const State& state, int block, double heading) {
  return position(state.blocks.at(block).pose) - kAligned * forward(heading);
}

// What is touched on the last straight piece of an approach, in steps.
double corridor_cost(const Passage& open, const Vec2& block, double heading) {
  double cost = 0;
  for (const double distance : {kAligned, 0.52, 0.42, kGripDistance}) {
    const Vec2 point = block - distance * forward(heading);
    cost += kContactCost * contact(open, {point.x, point.y, heading});
  }
  return cost;
}

// What is touched when the gripper opens here and the robot backs off, in steps.
double release_cost(const Passage& open, const envs::Pose& pose) {
  const Vec2 behind = position(pose) - 0.2 * forward(pose.angle);
  return kContactCost * (contact(open, pose) + contact(open, {behind.x, behind.y, pose.angle}));
}

// From every pose with the block in the gripper to one where it can be released at the target;
// found anew when blocks have moved.
const Routes& carrying_routes(const State& state, Job& job) {
  const Passage holding = passage_of(state, job.block);
  if (job.haul && is_alike(job.haul->passage, holding)) return job.haul->routes;
  Passage open = holding;
  open.is_holding = false;
  std::vector<Routes::Goal> goals;
  for (const envs::Pose& pose : Routes::grid_poses(job.target, kGripDistance + kGoalRadius)) {
    const Vec2 ahead = forward(pose.angle);
    const double off = envs::length(position(pose) + kGripDistance * ahead - job.target);
    if (off > kGoalRadius) continue;
    goals.push_back({pose, off / 0.1 + release_cost(open, pose)});
  }
  job.haul = std::make_shared<const Haul>(Haul{holding, Routes::to(holding, goals)});
  return job.haul->routes;
}

Command approach(const State& state, Job& job) {
  const Vec2 here = position(state.robot.pose);
  const Vec2 block = position(state.blocks.at(job.block).pose);
  const double heading = heading_to(here, block);
  const double distance = envs::length(block - here);
  const double error = wrap(heading - rest_pose(state.robot).angle);
  const bool is_facing = std::abs(error) < 0.45;
  const bool is_free_to_turn = distance > kTooClose;
  if (job.heading) {
    const bool is_lined_up = distance < kAligned + 0.15 &&
                             std::abs(wrap(heading - *job.heading)) < 0.4 &&
                             std::abs(error) < kFacing_rad;
    if (!is_lined_up) {
      const Passage passage = passage_of(state, -1);
      if (is_finished(job.way) || !is_valid(job.way, passage, state)) {
        const Vec2 entry = entry_point(state, job.block, *job.heading);
        job.way = {passage,
                   Routes::way(passage, state.robot.pose, {entry.x, entry.y, *job.heading}), 0};
      }
      const Command command = follow(state, job.way);
      if (!is_finished(job.way)) return command;
    }
  }
  if (distance > kAligned) return drive_to(state, block);
  if (!is_facing && !is_free_to_turn) return {-1, 0, false};
  Command command = face(state, heading, true);
  if (command.turn == 0 && std::abs(error) < kTurnStep_rad / 2) command.drive = 1;
  return command;
}

Command carry(const State& state, Job& job) {
  const Vec2 here = position(state.robot.pose);
  if (envs::length(job.target - position(state.blocks.at(job.block).pose)) > kHomeward) {
    const Passage passage = passage_of(state, job.block);
    if (is_finished(job.way) || !is_valid(job.way, passage, state))
      job.way = {passage, carrying_routes(state, job).way(state.robot.pose), 0};
    const Command command = follow(state, job.way);
    if (!is_finished(job.way)) return command;
  }
  const double error = wrap(heading_to(here, job.target) - rest_pose(state.robot).angle);
  if (std::abs(error) > kCarryTurn_rad) return turn_clear(state, error, job.block);
  const double left = remaining(state, job);
  return {left > 0 ? 1 : left < -kOvershoot ? -1 : 0, turn_towards(error), true};
}

}  // namespace

double choose_heading(const State& state, Job& job, int rank) {
  constexpr double kAlike_rad = 0.5;
  const Vec2 block = position(state.blocks.at(job.block).pose);
  const Passage open = passage_of(state, -1);
  const Routes reach = Routes::from(open, state.robot.pose);
  const Routes& carrying = carrying_routes(state, job);
  Passage others = passage_of(state, job.block);
  others.is_holding = false;
  std::array<double, kHeadings> headings;
  std::array<double, kHeadings> costs;
  for (int i = 0; i < kHeadings; ++i) {
    headings[i] = 2 * M_PI * i / kHeadings;
    const Vec2 entry = entry_point(state, job.block, headings[i]);
    const Vec2 grip = block - kGripDistance * forward(headings[i]);
    costs[i] = reach.cost({entry.x, entry.y, headings[i]}) +
               carrying.cost({grip.x, grip.y, headings[i]}) +
               corridor_cost(others, block, headings[i]);
  }
  for (;; --rank) {
    const double best = headings[std::min_element(costs.begin(), costs.end()) - costs.begin()];
    if (rank <= 0) {
      const Vec2 entry = entry_point(state, job.block, best);
      job.way = {open, reach.way({entry.x, entry.y, best}), 0};
      return best;
    }
    for (int i = 0; i < kHeadings; ++i) {
      if (std::abs(wrap(headings[i] - best)) < kAlike_rad) costs[i] = INFINITY;
    }
  }
}

double fetching_cost(const std::vector<Vec2>& others, const Vec2& block) {
  double best = INFINITY;
  for (int i = 0; i < kHeadings; ++i) {
    best = std::min(best, corridor_cost({others, false}, block, 2 * M_PI * i / kHeadings));
  }
  return best;
}

double placing_cost(const std::vector<Vec2>& others, const Vec2& target) {
  double best = INFINITY;
  for (int i = 0; i < kHeadings; ++i) {
    const double heading = 2 * M_PI * i / kHeadings;
    const Vec2 point = target - kGripDistance * forward(heading);
    best = std::min(best, release_cost({others, false}, {point.x, point.y, heading}));
  }
  return best;
}

bool is_between_fingers(const State& state, int block) {
  const Vec2 p = local_block(state, block);
  return std::abs(p.x) < kGripWidth && p.y > 0 && p.y < kGripReach;
}

bool is_held(const State& state, int block) {
  return is_between_fingers(state, block) && opening(state) < kClosing_rad;
}

bool is_done(const State& state, const Job& job) {
  const Vec2 p = local_block(state, job.block);
  if (!is_delivered(state, job)) return false;
  if (envs::length(p) > job.clearance || p.y < 0) return true;
  // Or it cannot back off farther.
  const envs::Pose& robot = state.robot.pose;
  const Vec2 behind = position(robot) - kBackingRoom * forward(robot.angle);
  const bool is_at_wall = std::max(std::abs(behind.x), std::abs(behind.y)) > Routes::kReach;
  return is_at_wall && opening(state) > kOpen_rad;
}

namespace {

Command next_command(const State& state, Job& job) {
  if (is_delivered(state, job)) {
    return opening(state) < kOpen_rad ? Command{} : Command{-1, 0, false};
  }
  if (!is_between_fingers(state, job.block)) return approach(state, job);
  const bool is_deep = local_block(state, job.block).y <= kGripDepth;
  if (is_deep || is_held(state, job.block)) return carry(state, job);
  return {1, 0, false};
}

}  // namespace

Command pick_and_place(const State& state, Job& job) {
  if (is_done(state, job)) return {};
  if (job.backing > 0) {
    --job.backing;
    return {job.backing_drive, 0, is_held(state, job.block)};
  }
  const Command command = next_command(state, job);
  const double speed = std::hypot(state.robot.vx, state.robot.vy);
  const double spin = std::abs(state.robot.spin);
  const bool is_moving = command.closed ? speed > kHaltedHoldingSpeed || spin > kHaltedHoldingSpin
                                        : speed > kHaltedSpeed || spin > kHaltedSpin;
  const bool should_move = command.drive != 0 || command.turn != 0;
  job.halted = is_moving || !should_move ? 0 : job.halted + 1;
  if (job.halted < kHaltedSteps) return command;
  job.halted = 0;
  job.backing = kBackingSteps;
  job.backing_drive = command.drive < 0 ? 1 : -1;
  job.way = {};
  ++job.escapes;
  if (!is_held(state, job.block) && job.heading)
    job.heading = choose_heading(state, job, job.escapes);
  return {job.backing_drive, 0, command.closed};
}

}  // namespace mint::experts
