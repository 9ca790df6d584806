// A way for the robot between blocks: the cheapest path on a coarse grid, where coming close to a
// block or a wall costs extra but is never forbidden.
#pragma once

#include <vector>

#include "envs/geometry.h"

namespace mint::experts {

// How much a robot centre at `point` is in the way of the obstacles (block centres) and walls:
// 0 when it is clear of all, growing with the depth of the contact.
double crowding(const std::vector<envs::Vec2>& obstacles, const envs::Vec2& point);

struct Route {
  envs::Vec2 waypoint;  // the farthest point that can be driven to straight
  double cost = 0;      // of the whole path: its length plus what crowding adds
};

Route find_route(const std::vector<envs::Vec2>& obstacles, const envs::Vec2& from,
                 const envs::Vec2& to);

}  // namespace mint::experts
