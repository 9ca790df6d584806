#include "agents/experts/route.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "agents/experts/motion.h"

namespace mint::experts {

using envs::Pose;
using envs::Vec2;

namespace {

constexpr double kClear = 0.40;  // robot radius, block radius and a margin

constexpr int kSide = Routes::kSide;
constexpr int kHeadings = Routes::kHeadings;
constexpr double kReach = Routes::kReach;
constexpr double kCell = 2 * kReach / (kSide - 1);

// The robot as circles in its frame, y ahead; for blocks they grow by a block's radius.
struct Circle {
  double x;
  double y;
  double radius;
};
constexpr double kBlockRadius = 0.135;
constexpr double kMargin = 0.02;
constexpr Circle kOpen[] = {{0, 0, 0.2},          {-0.15, 0.14, 0.04}, {0.15, 0.14, 0.04},
                            {-0.178, 0.25, 0.03}, {0.178, 0.25, 0.03}, {-0.178, 0.35, 0.02},
                            {0.178, 0.35, 0.02}};
constexpr Circle kHolding[] = {{0, 0, 0.2},         {-0.13, 0.14, 0.03}, {0.13, 0.14, 0.03},
                               {-0.14, 0.25, 0.03}, {0.14, 0.25, 0.03},  {0, 0.33, 0.12}};
// Blocks farther from the robot's centre and walls, when it is nearer to the arena's, are clear.
constexpr double kWall = 20;  // times as bad as a block: fingers stick to walls
constexpr double kExtent = 0.60;
constexpr double kWallExtent = 0.55;

// Costs in control steps.
constexpr double kForwardSteps = 10;  // per unit
constexpr double kBackwardSteps = 1 / 0.075;
constexpr double kTurnSteps = 2 * M_PI / kHeadings / 0.31;
constexpr double kTurnLoss = 0.15;
constexpr double kArcLoss = 0.15;
constexpr double kBackLoss = 0.3;
constexpr double kTouching = 100;    // per unit of contact at a pose
constexpr double kMaxTouching = 60;  // at a pose

struct Cell {
  int x;
  int y;
  int heading;
};

int index_of(const Cell& cell) {
  return (cell.y * kSide + cell.x) * kHeadings + cell.heading;
}

Cell cell_of(int index) {
  const int place = index / kHeadings;
  return {place % kSide, place / kSide, index % kHeadings};
}

Pose pose_of(const Cell& cell) {
  return {cell.x * kCell - kReach, cell.y * kCell - kReach, cell.heading * 2 * M_PI / kHeadings};
}

int nearest_index(const Pose& pose) {
  const auto place = [](double x) {
    return std::clamp(static_cast<int>(std::lround((x + kReach) / kCell)), 0, kSide - 1);
  };
  const int heading = static_cast<int>(std::lround(pose.angle * kHeadings / (2 * M_PI)));
  return index_of({place(pose.x), place(pose.y), ((heading % kHeadings) + kHeadings) % kHeadings});
}

// One step ahead on the grid for each heading.
constexpr int kAhead[kHeadings][2] = {{0, 1},   {-1, 2},  {-1, 1}, {-2, 1}, {-1, 0}, {-2, -1},
                                      {-1, -1}, {-1, -2}, {0, -1}, {1, -2}, {1, -1}, {2, -1},
                                      {1, 0},   {2, 1},   {1, 1},  {1, 2}};

struct MoveCosts {
  double at(int heading, int drive, int turn) const { return table[heading][3 * drive + turn + 4]; }
  double table[kHeadings][9];
};

const MoveCosts kMoveCosts = [] {
  MoveCosts costs;
  for (int heading = 0; heading < kHeadings; ++heading) {
    const double way = kCell * std::hypot(kAhead[heading][0], kAhead[heading][1]);
    for (int turn = -1; turn <= 1; ++turn) {
      const auto with_turn = [&](double cost) {
        return turn == 0 ? cost : std::max(cost, kTurnSteps) + kArcLoss;
      };
      costs.table[heading][turn + 4] = kTurnSteps + kTurnLoss;
      costs.table[heading][turn + 7] = with_turn(kForwardSteps * way);
      costs.table[heading][turn + 1] = with_turn(kBackwardSteps * way + kBackLoss);
    }
  }
  return costs;
}();

// A priority queue of poses whose costs are rounded down to an eighth of a step.
class Queue {
 public:
  Queue() {
    heads_.fill(-1);
    entries_.reserve(3 * Routes::kPoses);
  }

  void push(int index, double cost) {
    const int bucket = static_cast<int>(8 * cost);
    if (size_ == 0 && entries_.empty()) bucket_ = bucket;
    bucket_ = std::min(bucket_, bucket);
    int& head = heads_[bucket % kBuckets];
    entries_.push_back({index, head});
    head = static_cast<int>(entries_.size()) - 1;
    ++size_;
  }

  // The index of a cheapest pose, perhaps for a second time; -1 when there is none.
  int pop() {
    if (size_ == 0) return -1;
    while (heads_[bucket_ % kBuckets] < 0) ++bucket_;
    int& head = heads_[bucket_ % kBuckets];
    const Entry entry = entries_[head];
    head = entry.next;
    --size_;
    return entry.index;
  }

 private:
  struct Entry {
    int index;
    int next;
  };
  static constexpr int kBuckets = 1024;  // more than the costs in the queue can differ by

  std::array<int, kBuckets> heads_;
  std::vector<Entry> entries_;
  int bucket_ = 0;
  int size_ = 0;
};

// Where `move` leads from `cell`, or with `sign` -1 where it comes from: first the drive, then the
// turn. False outside the grid.
bool apply(Cell& cell, int drive, int turn, int sign) {
  if (sign < 0) cell.heading = (cell.heading + kHeadings - turn) % kHeadings;
  cell.x += sign * drive * kAhead[cell.heading][0];
  cell.y += sign * drive * kAhead[cell.heading][1];
  if (sign > 0) cell.heading = (cell.heading + kHeadings + turn) % kHeadings;
  return cell.x >= 0 && cell.x < kSide && cell.y >= 0 && cell.y < kSide;
}

// What the robot touches: see contact().
class Contacts {
 public:
  explicit Contacts(const Passage& passage) : passage_(passage) {
    begin_ = passage.is_holding ? std::begin(kHolding) : std::begin(kOpen);
    end_ = passage.is_holding ? std::end(kHolding) : std::end(kOpen);
  }

  // With cosine and sine of the heading.
  double at(const Vec2& point, double c, double s) const {
    const auto centre = [&](const Circle& circle) {
      return point + Vec2{c * circle.x - s * circle.y, s * circle.x + c * circle.y};
    };
    double depth = 0;
    if (std::max(std::abs(point.x), std::abs(point.y)) > kWallExtent) {
      for (const Circle* circle = begin_; circle != end_; ++circle) {
        const Vec2 at = centre(*circle);
        const double out = std::max(std::abs(at.x), std::abs(at.y)) + circle->radius - 1;
        depth = std::max(depth, kWall * (out + kMargin));
      }
    }
    for (const Vec2& obstacle : passage_.obstacles) {
      const Vec2 off = obstacle - point;
      if (dot(off, off) > kExtent * kExtent) continue;
      double worst = 0;
      for (const Circle* circle = begin_; circle != end_; ++circle) {
        const Vec2 gap = obstacle - centre(*circle);
        const double reach = circle->radius + kBlockRadius + kMargin;
        const double squared = dot(gap, gap);
        if (squared < reach * reach) worst = std::max(worst, reach - std::sqrt(squared));
      }
      depth += worst;
    }
    return depth;
  }

 private:
  const Passage& passage_;
  const Circle* begin_;
  const Circle* end_;
};

}  // namespace

double crowding(const std::vector<Vec2>& obstacles, const Vec2& point) {
  double depth = 0;
  for (const Vec2& obstacle : obstacles) {
    depth += std::max(0.0, kClear - envs::length(point - obstacle));
  }
  depth += std::max(0.0, std::abs(point.x) - kReach) + std::max(0.0, std::abs(point.y) - kReach);
  return depth;
}

double contact(const Passage& passage, const Pose& pose) {
  return Contacts(passage).at(position(pose), std::cos(pose.angle), std::sin(pose.angle));
}

Routes Routes::from(const Passage& passage, const Pose& start) {
  return Routes(passage, {{start, 0}}, true, -1);
}

std::vector<Waypoint> Routes::way(const Passage& passage, const Pose& start, const Pose& goal) {
  return Routes(passage, {{start, 0}}, true, nearest_index(goal)).way(goal);
}

Routes Routes::to(const Passage& passage, const std::vector<Goal>& goals) {
  return Routes(passage, goals, false, -1);
}

Routes::Routes(const Passage& passage, const std::vector<Goal>& ends, bool is_forward, int last)
    : is_forward_(is_forward) {
  costs_.fill(std::numeric_limits<float>::infinity());
  next_.fill(-1);
  drives_.fill(0);
  std::array<float, kPoses> contacts;
  contacts.fill(-1);
  const Contacts touching_blocks(passage);
  std::array<double, kHeadings> cosines;
  std::array<double, kHeadings> sines;
  for (int i = 0; i < kHeadings; ++i) {
    cosines[i] = std::cos(2 * M_PI * i / kHeadings);
    sines[i] = std::sin(2 * M_PI * i / kHeadings);
  }
  const auto contact_at = [&](int index) {
    if (contacts[index] < 0) {
      const Cell cell = cell_of(index);
      const Vec2 point = position(pose_of(cell));
      contacts[index] =
          static_cast<float>(touching_blocks.at(point, cosines[cell.heading], sines[cell.heading]));
    }
    return contacts[index];
  };
  std::array<bool, kPoses> is_expanded = {};
  Queue open;
  for (const Goal& end : ends) {
    const int index = nearest_index(end.pose);
    if (end.cost >= costs_[index]) continue;
    costs_[index] = static_cast<float>(end.cost);
    open.push(index, costs_[index]);
  }
  for (int index = open.pop(); index >= 0; index = open.pop()) {
    if (is_expanded[index]) continue;
    is_expanded[index] = true;
    if (index == last) break;
    const Cell here = cell_of(index);
    const double reached = costs_[index];
    for (int drive = -1; drive <= 1; ++drive) {
      for (int turn = -1; turn <= 1; ++turn) {
        if (drive == 0 && turn == 0) continue;
        Cell cell = here;
        if (!apply(cell, drive, turn, is_forward ? 1 : -1)) continue;
        const int other = index_of(cell);
        const int heading = is_forward ? here.heading : cell.heading;
        const double free = reached + kMoveCosts.at(heading, drive, turn);
        if (free >= costs_[other]) continue;
        const double touching = kTouching * contact_at(is_forward ? other : index);
        const double total = free + std::min(touching, kMaxTouching);
        if (total >= costs_[other]) continue;
        costs_[other] = static_cast<float>(total);
        is_expanded[other] = false;
        next_[other] = static_cast<int16_t>(index);
        drives_[other] = static_cast<int8_t>(drive);
        open.push(other, total);
      }
    }
  }
}

double Routes::cost(const Pose& pose) const {
  return costs_[nearest_index(pose)];
}

std::vector<Waypoint> Routes::way(const Pose& pose) const {
  std::vector<Waypoint> way;
  for (int index = nearest_index(pose); next_[index] >= 0; index = next_[index]) {
    way.push_back({pose_of(cell_of(is_forward_ ? index : next_[index])), drives_[index]});
  }
  if (is_forward_) std::reverse(way.begin(), way.end());
  return way;
}

std::vector<Pose> Routes::grid_poses(const Vec2& point, double radius) {
  std::vector<Pose> poses;
  for (int index = 0; index < kPoses; ++index) {
    const Pose pose = pose_of(cell_of(index));
    if (envs::length(position(pose) - point) <= radius) poses.push_back(pose);
  }
  return poses;
}

}  // namespace mint::experts
