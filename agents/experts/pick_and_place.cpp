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

constexpr double kCarriedStop = 0.11;   // how far a carried block goes on at full speed
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

std::vector<Vec2> block_positions(const State& state) {
  std::vector<Vec2> positions;
  for (const envs::BodyState& block : state.blocks) positions.push_back(position(block.pose));
  return positions;
}

// Where the last straight piece of an approach with this heading begins.
Vec2 entry_point(const State& state, int block, double heading) {
  return position(state.blocks.at(block).pose) - kAligned * forward(heading);
}

Command approach(const State& state, const Job& job) {
  const Vec2 here = position(state.robot.pose);
  const Vec2 block = position(state.blocks.at(job.block).pose);
  const double heading = heading_to(here, block);
  const double distance = envs::length(block - here);
  const double error = wrap(heading - rest_pose(state.robot).angle);
  const bool is_facing = std::abs(error) < 0.45;
  const bool is_free_to_turn = distance > kTooClose;
  if (job.heading) {
    const bool is_lined_up =
        distance < kAligned + 0.15 && std::abs(wrap(heading - *job.heading)) < 0.4;
    if (!is_lined_up || !(is_facing || is_free_to_turn)) {
      const Vec2 entry = entry_point(state, job.block, *job.heading);
      return drive_to(state, find_route(block_positions(state), here, entry).waypoint);
    }
  }
  if (distance > kAligned) return drive_to(state, block);
  if (!is_facing && !is_free_to_turn) return {-1, 0, false};
  Command command = face(state, heading, true);
  if (command.turn == 0 && std::abs(error) < kTurnStep_rad / 2) command.drive = 1;
  return command;
}

Command carry(const State& state, const Job& job) {
  const Vec2 here = position(state.robot.pose);
  const double error = wrap(heading_to(here, job.target) - rest_pose(state.robot).angle);
  const int turn = std::abs(error) > kTurnStep_rad / 2 ? (error > 0 ? 1 : -1) : 0;
  const int drive = std::abs(error) < kCarryTurn_rad && remaining(state, job) > 0 ? 1 : 0;
  return {drive, turn, true};
}

// What it costs to fetch the block with this heading and to bring it to the target, in units of
// driving.
double cost_of_heading(const State& state, const Job& job, double heading) {
  std::vector<Vec2> obstacles = block_positions(state);
  const Vec2 block = obstacles.at(job.block);
  const Vec2 entry = entry_point(state, job.block, heading);
  double cost = find_route(obstacles, position(state.robot.pose), entry).cost;
  obstacles.erase(obstacles.begin() + job.block);
  const Vec2 grip = block - kGripDistance * forward(heading);
  const double carry = heading_to(grip, job.target);
  const double turn = std::abs(wrap(carry - heading));
  const Vec2 release = job.target - kGripDistance * forward(carry);
  cost += 0.3 * turn + 20 * crowding(obstacles, grip) + 10 * crowding(obstacles, release);
  cost += find_route(obstacles, grip, release).cost;
  // A block that is turned about the robot ends beyond a target closer than the grip.
  if (turn > 0.4)
    cost += 10 * std::max(0.0, kGripDistance + 0.05 - envs::length(job.target - grip));
  return cost;
}

}  // namespace

double choose_heading(const State& state, const Job& job, int rank) {
  constexpr int kHeadings = 16;
  constexpr double kAlike_rad = 0.5;
  const Vec2 block = position(state.blocks.at(job.block).pose);
  const double push = heading_to(block, job.target);
  std::array<double, kHeadings> headings;
  std::array<double, kHeadings> costs;
  for (int i = 0; i < kHeadings; ++i) {
    headings[i] = push + 2 * M_PI * i / kHeadings;
    costs[i] = cost_of_heading(state, job, headings[i]);
  }
  for (;; --rank) {
    const double best = headings[std::min_element(costs.begin(), costs.end()) - costs.begin()];
    if (rank <= 0) return best;
    for (int i = 0; i < kHeadings; ++i) {
      if (std::abs(wrap(headings[i] - best)) < kAlike_rad) costs[i] = INFINITY;
    }
  }
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
  return is_delivered(state, job) && (envs::length(p) > job.clearance || p.y < 0);
}

Command pick_and_place(const State& state, const Job& job) {
  if (is_done(state, job)) return {};
  if (is_delivered(state, job)) {
    return opening(state) < kOpen_rad ? Command{} : Command{-1, 0, false};
  }
  if (!is_between_fingers(state, job.block)) return approach(state, job);
  if (is_held(state, job.block)) return carry(state, job);
  const Vec2 p = local_block(state, job.block);
  return {p.y > kGripDepth ? 1 : 0, 0, p.y <= kGripDepth};
}

}  // namespace mint::experts
