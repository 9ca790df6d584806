// Ways for the robot between blocks, gripper and all: cheapest paths over poses on a coarse grid of
// places and headings. Touching a block costs extra but is never forbidden; walls are.
#pragma once

#include <array>
#include <vector>

#include "envs/geometry.h"
#include "envs/scene.h"

namespace mint::experts {

// How much a robot centre at `point` is in the way of the obstacles (block centres) and walls:
// 0 when it is clear of all, growing with the depth of the contact.
double crowding(const std::vector<envs::Vec2>& obstacles, const envs::Vec2& point);

// The blocks that the robot has to get past, and what its gripper looks like.
struct Passage {
  std::vector<envs::Vec2> obstacles;  // block centres, without one that the gripper holds
  bool is_holding = false;            // closed on a block instead of open
};

// How deep the robot at `pose` touches blocks and walls, in units; 0 = clear.
double contact(const Passage& passage, const envs::Pose& pose);

struct Waypoint {
  envs::Pose pose;
  int drive = 0;  // how it is reached: 1 forwards, -1 backwards, 0 by turning in place
};

// The costs, in control steps, of the cheapest ways from one pose to all others or from all poses
// to the nearest goal.
class Routes {
 public:
  struct Goal {
    envs::Pose pose;
    double cost = 0;  // of ending there
  };

  static constexpr int kSide = 21;
  static constexpr int kHeadings = 16;
  static constexpr int kPoses = kSide * kSide * kHeadings;
  static constexpr double kReach = 0.8;  // the robot's centre stays within [-kReach, kReach]

  static Routes from(const Passage& passage, const envs::Pose& start);
  // Without goals every cost is infinite.
  static Routes to(const Passage& passage, const std::vector<Goal>& goals);

  double cost(const envs::Pose& pose) const;
  // The way from the start to `pose`, or from `pose` to its goal; empty when there is none.
  std::vector<Waypoint> way(const envs::Pose& pose) const;

  static std::vector<Waypoint> way(const Passage& passage, const envs::Pose& start,
                                   const envs::Pose& goal);

  // All poses of the grid whose place is within `radius` of `point`.
  static std::vector<envs::Pose> grid_poses(const envs::Vec2& point, double radius);

 private:
  Routes(const Passage& passage, const std::vector<Goal>& ends, bool is_forward, int last);

  bool is_forward_ = true;  // from a start, not to goals
  std::array<float, kPoses> costs_;
  std::array<int16_t, kPoses> next_;   // towards the start or the goal, -1 there
  std::array<int8_t, kPoses> drives_;  // of the move between a pose and its next_
};

}  // namespace mint::experts
