#include "agents/experts/way.h"

#include <cmath>

#include "agents/experts/motion.h"

namespace mint::experts {

using envs::Command;
using envs::Pose;
using envs::State;
using envs::Vec2;

namespace {

constexpr double kMoved = 0.06;        // an obstacle that moves farther makes a way invalid
constexpr double kOff = 0.3;           // distance to the next point at which the way is lost
constexpr double kReached = 0.03;      // left to drive at a point that counts as passed
constexpr double kTurned_rad = 0.2;    // half of the grid's turn
constexpr double kLookAhead = 0.35;    // the point aimed at is at most this far
constexpr double kNear = 0.06;         // a point this near counts as passed
constexpr double kBeside = 0.16;       // and one this near that lies to the side
constexpr double kAimed = 0.12;        // nearer points give the heading, not the direction
constexpr double kBend_rad = 0.8;      // of the way up to the point aimed at
constexpr double kArcAngle_rad = 0.5;  // beyond it the robot turns in place

bool is_passed(const Pose& rest, const Waypoint& point) {
  if (point.drive == 0) return std::abs(wrap(point.pose.angle - rest.angle)) < kTurned_rad;
  const Vec2 left = position(point.pose) - position(rest);
  const double distance = envs::length(left);
  const double ahead = point.drive * envs::dot(left, forward(rest.angle));
  return distance < kNear || ahead < kReached || (distance < kBeside && ahead < 0.8 * distance);
}

}  // namespace

bool is_finished(const Way& way) {
  return way.next >= way.points.size();
}

bool is_alike(const Passage& a, const Passage& b) {
  if (a.is_holding != b.is_holding || a.obstacles.size() != b.obstacles.size()) return false;
  for (size_t i = 0; i < a.obstacles.size(); ++i) {
    if (envs::length(a.obstacles[i] - b.obstacles[i]) > kMoved) return false;
  }
  return true;
}

bool is_valid(const Way& way, const Passage& passage, const State& state) {
  if (!is_alike(way.passage, passage)) return false;
  if (is_finished(way)) return true;
  return envs::length(position(way.points[way.next].pose) - position(state.robot.pose)) < kOff;
}

Command follow(const State& state, Way& way) {
  const Pose rest = rest_pose(state.robot);
  while (!is_finished(way) && is_passed(rest, way.points[way.next])) ++way.next;
  const bool is_closed = way.passage.is_holding;
  if (is_finished(way)) return {0, 0, is_closed};
  const int drive = way.points[way.next].drive;
  size_t aim = way.next;
  double bend = 0;
  for (size_t i = way.next + 1; i < way.points.size() && way.points[i].drive == drive; ++i) {
    bend += wrap(way.points[i].pose.angle - way.points[i - 1].pose.angle);
    const double distance = envs::length(position(way.points[i].pose) - position(rest));
    if (drive != 0 && (distance > kLookAhead || std::abs(bend) > kBend_rad)) break;
    aim = i;
  }
  const Pose& target = way.points[aim].pose;
  double heading = target.angle;
  if (drive != 0 && envs::length(position(target) - position(rest)) > kAimed) {
    heading = heading_to(position(rest), position(target)) + (drive < 0 ? M_PI : 0);
  }
  const double error = wrap(heading - rest.angle);
  const int turn = turn_towards(error);
  return {std::abs(error) > kArcAngle_rad ? 0 : drive, turn, is_closed};
}

}  // namespace mint::experts
