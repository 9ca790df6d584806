#include "agents/experts/route.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <queue>

namespace mint::experts {

using envs::Vec2;

namespace {

constexpr int kCells = 21;        // per side
constexpr double kReach = 0.8;    // the robot's centre stays within [-kReach, kReach]
constexpr double kClear = 0.40;   // robot radius, block radius and a margin
constexpr double kWeight = 40;    // cost of a unit of path per unit of depth
constexpr double kSample = 0.05;  // on straight pieces

constexpr double kCell = 2 * kReach / (kCells - 1);

int cell_of(const Vec2& point) {
  const auto index = [](double x) {
    return std::clamp(static_cast<int>(std::lround((x + kReach) / kCell)), 0, kCells - 1);
  };
  return index(point.y) * kCells + index(point.x);
}

Vec2 centre_of(int cell) {
  return {cell % kCells * kCell - kReach, cell / kCells * kCell - kReach};
}

double straight_cost(const std::vector<Vec2>& obstacles, const Vec2& from, const Vec2& to) {
  const double distance = envs::length(to - from);
  const int samples = 1 + static_cast<int>(distance / kSample);
  double extra = 0;
  for (int i = 1; i <= samples; ++i) {
    extra += crowding(obstacles, from + (i / static_cast<double>(samples)) * (to - from));
  }
  return distance * (1 + kWeight * extra / samples);
}

}  // namespace

double crowding(const std::vector<Vec2>& obstacles, const Vec2& point) {
  double depth = 0;
  for (const Vec2& obstacle : obstacles) {
    depth += std::max(0.0, kClear - envs::length(point - obstacle));
  }
  depth += std::max(0.0, std::abs(point.x) - kReach) + std::max(0.0, std::abs(point.y) - kReach);
  return depth;
}

Route find_route(const std::vector<Vec2>& obstacles, const Vec2& from, const Vec2& to) {
  // Dijkstra from the goal, so that each cell knows the next one towards it.
  std::array<double, kCells * kCells> cost;
  std::array<int, kCells * kCells> next;
  std::array<double, kCells * kCells> crowded;
  cost.fill(std::numeric_limits<double>::infinity());
  next.fill(-1);
  for (int cell = 0; cell < kCells * kCells; ++cell) {
    crowded[cell] = crowding(obstacles, centre_of(cell));
  }
  const int start = cell_of(from);
  const int goal = cell_of(to);
  using Item = std::pair<double, int>;
  std::priority_queue<Item, std::vector<Item>, std::greater<Item>> open;
  cost[goal] = 0;
  open.push({0, goal});
  while (!open.empty()) {
    const auto [reached, cell] = open.top();
    open.pop();
    if (cell == start) break;
    if (reached > cost[cell]) continue;
    for (int dy = -1; dy <= 1; ++dy) {
      for (int dx = -1; dx <= 1; ++dx) {
        const int x = cell % kCells + dx;
        const int y = cell / kCells + dy;
        if (x < 0 || y < 0 || x >= kCells || y >= kCells) continue;
        const int other = y * kCells + x;
        const double step = kCell * std::hypot(dx, dy);
        const double total = reached + step * (1 + kWeight * crowded[other]);
        if (total < cost[other]) {
          cost[other] = total;
          next[other] = cell;
          open.push({total, other});
        }
      }
    }
  }
  Route route{to, straight_cost(obstacles, from, to)};
  if (route.cost <= 1.05 * cost[start] + 0.02) return route;
  route.cost = cost[start];
  route.waypoint = to;
  for (int cell = next[start]; cell >= 0; cell = next[cell]) {
    const Vec2 point = centre_of(cell);
    const bool is_first = cell == next[start];
    const bool is_straight =
        straight_cost(obstacles, from, point) <= 1.1 * (cost[start] - cost[cell]) + 0.02;
    if (!is_first && !is_straight) break;
    route.waypoint = point;
  }
  return route;
}

}  // namespace mint::experts
