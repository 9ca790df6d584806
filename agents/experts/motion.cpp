#include "agents/experts/motion.h"

#include <algorithm>
#include <cmath>

namespace mint::experts {

using envs::BodyState;
using envs::Command;
using envs::Pose;
using envs::State;
using envs::Vec2;

namespace {

// Of the free robot, measured: the spin and the speed change linearly until they are reached.
constexpr double kSpinAcceleration = 32;  // rad/s^2
constexpr double kAcceleration = 2.4;     // units/s^2
constexpr double kMaxSpin = 2.5;          // rad/s

constexpr double kArrival = 0.04;       // distance at which driving ends
constexpr double kArcAngle_rad = 0.8;   // beyond it the robot turns in place
constexpr double kNearDistance = 0.25;  // closer than this it turns in place earlier
constexpr double kNearArcAngle_rad = 0.35;

// The gripper, open or with a block in it, as a sector.
constexpr double kGripperAngle_rad = 0.5;
constexpr double kGripperReach = 0.39;
constexpr double kHoldingReach = 0.45;
constexpr double kBlockRadius = 0.12;
constexpr double kBodyRadius = 0.2;
constexpr double kBackingOff = 0.1;
constexpr double kReach = 0.8;  // the robot's centre can be within [-kReach, kReach]

// Backwards the robot drives 0.6 instead of 0.8 units/s, and has to turn afterwards.
constexpr double kTurnPerUnit = 0.32;  // units of driving in the time of a rad of turning
constexpr double kForwardPerBack = 0.8 / 0.6;
constexpr double kBackPenalty = 0.3;

double stopping_angle(double spin) {
  return std::copysign(spin * spin / (2 * kSpinAcceleration), spin);
}

// The heading at which the robot stops after one more control step with this turn.
double heading_after(double heading, double& spin, int turn) {
  const double target = turn * kMaxSpin;
  const double change = kSpinAcceleration * envs::kSubstep_s;
  for (int i = 0; i < envs::kSubsteps; ++i) {
    spin += std::clamp(target - spin, -change, change);
    heading += spin * envs::kSubstep_s;
  }
  return heading;
}

// The first of up to two turns that leave the smallest error; each turn costs a little.
int precise_turn(const BodyState& robot, double heading) {
  constexpr double kCost_rad = 0.025;
  int best = 0;
  double best_error = 1e9;
  for (const int first : {0, 1, -1}) {
    for (const int second : {0, 1, -1}) {
      if (first == 0 && second != 0) continue;  // or it would wait for ever
      double spin = robot.spin;
      double end = heading_after(robot.pose.angle, spin, first);
      end = heading_after(end, spin, second);
      const double error = std::abs(wrap(heading - end - stopping_angle(spin))) +
                           kCost_rad * (std::abs(first) + std::abs(second));
      if (error < best_error) {
        best_error = error;
        best = first;
      }
    }
  }
  return best;
}

}  // namespace

double wrap(double angle) {
  return angle - 2 * M_PI * std::floor((angle + M_PI) / (2 * M_PI));
}

Vec2 forward(double heading) {
  return {-std::sin(heading), std::cos(heading)};
}

double heading_to(const Vec2& from, const Vec2& to) {
  return std::atan2(from.x - to.x, to.y - from.y);
}

Vec2 position(const Pose& pose) {
  return {pose.x, pose.y};
}

Vec2 to_local(const Pose& pose, const Vec2& point) {
  return envs::rotate(point - position(pose), -pose.angle);
}

Pose rest_pose(const BodyState& robot) {
  const double speed = std::hypot(robot.vx, robot.vy);
  const double time = speed / (2 * kAcceleration);
  return {robot.pose.x + robot.vx * time, robot.pose.y + robot.vy * time,
          robot.pose.angle + stopping_angle(robot.spin)};
}

int turn_towards(double error) {
  return std::abs(error) > kTurnStep_rad / 2 ? (error > 0 ? 1 : -1) : 0;
}

Command face(const State& state, double heading, bool is_precise) {
  const double error = wrap(heading - rest_pose(state.robot).angle);
  const bool is_coarse = !is_precise || std::abs(error) > 1.5 * kTurnStep_rad;
  return {0, is_coarse ? turn_towards(error) : precise_turn(state.robot, heading), false};
}

bool is_turn_blocked(const State& state, double angle, int held) {
  const Pose& robot = state.robot.pose;
  // The sector that the gripper passes over, seen from where it is now; counter-clockwise.
  const double from = std::min(0.0, angle) - kGripperAngle_rad;
  const double to = std::max(0.0, angle) + kGripperAngle_rad;
  const double reach = held >= 0 ? kHoldingReach : kGripperReach;
  for (size_t i = 0; i < state.blocks.size(); ++i) {
    if (static_cast<int>(i) == held) continue;
    const Vec2 p = to_local(robot, position(state.blocks[i].pose));
    if (envs::length(p) > reach + kBlockRadius) continue;
    const double bearing = std::atan2(-p.x, p.y);
    for (const double turns : {-2 * M_PI, 0.0, 2 * M_PI}) {
      if (bearing + turns > from && bearing + turns < to) return true;
    }
  }
  constexpr double kStep_rad = 0.2;
  for (double a = from; a <= to; a += kStep_rad) {
    const Vec2 tip = position(robot) + reach * forward(robot.angle + a);
    if (std::max(std::abs(tip.x), std::abs(tip.y)) > 1) return true;
  }
  return false;
}

Command turn_clear(const State& state, double error, int held) {
  const int turn = turn_towards(error);
  const bool is_closed = held >= 0;
  if (turn == 0 || !is_turn_blocked(state, error, held)) return {0, turn, is_closed};
  const Pose& robot = state.robot.pose;
  const Vec2 behind = position(robot) - kBackingOff * forward(robot.angle);
  bool is_free = std::max(std::abs(behind.x), std::abs(behind.y)) < kReach;
  for (const BodyState& block : state.blocks) {
    const Vec2 off = position(block.pose) - position(robot);
    const bool is_behind = envs::dot(off, forward(robot.angle)) < 0;
    if (is_behind && envs::length(position(block.pose) - behind) < kBlockRadius + kBodyRadius)
      is_free = false;
  }
  if (is_free) return {-1, 0, is_closed};
  return {0, turn, is_closed};
}

Command drive_to(const State& state, const Vec2& point) {
  if (has_arrived(state, point)) return {};
  const Vec2 here = position(state.robot.pose);
  const double distance = envs::length(point - here);
  const double error = wrap(heading_to(here, point) - rest_pose(state.robot).angle);
  const double back_error = wrap(error + M_PI);
  const double limit = distance < kNearDistance ? kNearArcAngle_rad : kArcAngle_rad;
  const bool is_backwards =
      std::abs(back_error) * kTurnPerUnit + kBackPenalty + distance * (kForwardPerBack - 1) <
      std::abs(error) * kTurnPerUnit;
  if (is_backwards) {
    if (std::abs(back_error) > limit) return turn_clear(state, back_error);
    return {-1, turn_towards(back_error), false};
  }
  if (std::abs(error) > limit) return turn_clear(state, error);
  return {1, turn_towards(error), false};
}

bool has_arrived(const State& state, const Vec2& point) {
  const Pose rest = rest_pose(state.robot);
  const Vec2 left = point - position(rest);
  const double distance = envs::length(left);
  // A point beside or behind a robot that is nearly there is not worth a turn.
  const bool has_passed = envs::dot(left, forward(rest.angle)) < kArrival;
  return distance < kArrival || (has_passed && distance < 3 * kArrival);
}

}  // namespace mint::experts
