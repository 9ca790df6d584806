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

int turn_towards(double error) {
  return std::abs(error) > kTurnStep_rad / 2 ? (error > 0 ? 1 : -1) : 0;
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

Command face(const State& state, double heading, bool is_precise) {
  const double error = wrap(heading - rest_pose(state.robot).angle);
  const bool is_coarse = !is_precise || std::abs(error) > 1.5 * kTurnStep_rad;
  return {0, is_coarse ? turn_towards(error) : precise_turn(state.robot, heading), false};
}

Command drive_to(const State& state, const Vec2& point) {
  if (has_arrived(state, point)) return {};
  const Vec2 here = position(state.robot.pose);
  const double distance = envs::length(point - here);
  const double error = wrap(heading_to(here, point) - rest_pose(state.robot).angle);
  const double limit = distance < kNearDistance ? kNearArcAngle_rad : kArcAngle_rad;
  const int drive = std::abs(error) < limit ? 1 : 0;
  return {drive, turn_towards(error), false};
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
