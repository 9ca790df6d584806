#include "agents/experts/region_plan.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "agents/experts/motion.h"
#include "agents/experts/route.h"
#include "envs/region.h"

namespace mint::experts {

using envs::Vec2;

namespace {

constexpr int kDraws = 400;         // of an order and of places, per call
constexpr int kPlaceTries = 20;     // for one place
constexpr double kMargin = 0.10;    // of a place from the sides of regions
constexpr double kReach = 0.86;     // places lie within [-kReach, kReach]
constexpr double kApart = 0.27;     // of a place from other blocks, room for fingers
constexpr double kVariety = 1.3;    // costs grow by up to this factor, so that seeds differ
constexpr double kAlike = 0.12;     // plans whose places differ by less are one
constexpr double kJobCost = 1.0;    // of grasping and releasing, in units of driving
constexpr double kTurnCost = 0.32;  // of a radian
constexpr double kBlockCost = 4;    // of a unit that a place is too near to a block
constexpr double kCrowdCost = 6;    // of a unit that the robot is too near to one when it lets go
constexpr double kGripDistance = 0.32;
constexpr double kInTheWay = 0.5;  // blocks this near to each other can be in each other's way

bool is_clear_of(const envs::Region& region, const Vec2& point) {
  return point.x < region.x - kMargin || point.x > region.x + region.w + kMargin ||
         point.y > region.y + kMargin || point.y < region.y - region.h - kMargin;
}

std::optional<Vec2> draw_place(const envs::Scene& scene, const Errand& errand,
                               envs::Random& random) {
  Vec2 place;
  if (errand.region != kOutside) {
    const envs::Region& region = scene.regions.at(errand.region);
    place.x = random.uniform(region.x + kMargin, region.x + region.w - kMargin);
    place.y = random.uniform(region.y - region.h + kMargin, region.y - kMargin);
    return place;
  }
  for (int i = 0; i < kPlaceTries; ++i) {
    place.x = random.uniform(-kReach, kReach);
    place.y = random.uniform(-kReach, kReach);
    const bool is_outside =
        std::all_of(scene.regions.begin(), scene.regions.end(),
                    [&](const envs::Region& region) { return is_clear_of(region, place); });
    if (is_outside) return place;
  }
  return std::nullopt;
}

double cost_of(const envs::State& state, const Plan& plan) {
  std::vector<Vec2> blocks;
  for (const envs::BodyState& block : state.blocks) blocks.push_back(position(block.pose));
  Vec2 here = position(state.robot.pose);
  double heading = state.robot.pose.angle;
  double cost = 0;
  for (const Job& job : plan) {
    const Vec2 block = blocks[job.block];
    const double to_block = heading_to(here, block);
    const double carry = heading_to(block, job.target);
    cost += kJobCost + envs::length(block - here) + envs::length(job.target - block);
    cost += kTurnCost * (std::abs(wrap(to_block - heading)) + std::abs(wrap(carry - to_block)));
    here = job.target - kGripDistance * forward(carry);
    heading = carry;
    std::vector<Vec2> others = blocks;
    others.erase(others.begin() + job.block);
    for (const Vec2& other : others) {
      cost += kBlockCost * std::max(0.0, kApart - envs::length(job.target - other));
    }
    cost += kCrowdCost * crowding(others, here);
    blocks[job.block] = job.target;
  }
  return cost;
}

// The errands in a random order but for those that come first, to random places.
std::optional<Plan> draw_plan(const envs::Scene& scene, std::vector<Errand> errands, size_t first,
                              envs::Random& random) {
  for (size_t i = errands.size(); i > first + 1; --i) {
    const int other = static_cast<int>(first) + random.below(static_cast<int>(i - first));
    std::swap(errands[i - 1], errands[other]);
  }
  Plan plan;
  for (const Errand& errand : errands) {
    const std::optional<Vec2> place = draw_place(scene, errand, random);
    if (!place) return std::nullopt;
    Job job;
    job.block = errand.block;
    job.target = *place;
    plan.push_back(job);
  }
  return plan;
}

std::vector<Plan> draw_plans(const envs::Scene& scene, const envs::State& state,
                             const std::vector<std::vector<Errand>>& alternatives, size_t first,
                             size_t count, envs::Random& random) {
  std::vector<CandidatePlan> candidates;
  const int draws = kDraws / std::max<int>(1, static_cast<int>(alternatives.size()));
  for (const std::vector<Errand>& errands : alternatives) {
    for (int i = 0; i < draws; ++i) {
      std::optional<Plan> plan = draw_plan(scene, errands, first, random);
      if (!plan) continue;
      const double cost = cost_of(state, *plan) * random.uniform(1, kVariety);
      candidates.push_back({std::move(*plan), cost});
    }
  }
  return cheapest(std::move(candidates), count, kAlike);
}

// The errands after one that takes a block out of the way of theirs: each block nearby that belongs
// nowhere gives an alternative.
std::vector<std::vector<Errand>> clearing_first(
    const envs::Scene& scene, const envs::State& state,
    const std::vector<std::vector<Errand>>& alternatives) {
  std::vector<std::vector<Errand>> result;
  for (const std::vector<Errand>& errands : alternatives) {
    for (int block = 0; block < static_cast<int>(state.blocks.size()); ++block) {
      bool is_in_the_way = false;
      bool is_needed = false;
      for (const Errand& errand : errands) {
        const Vec2 off =
            position(state.blocks[errand.block].pose) - position(state.blocks[block].pose);
        is_in_the_way |= envs::length(off) < kInTheWay;
        is_needed |= errand.block == block;
      }
      for (int region = 0; region < static_cast<int>(scene.regions.size()); ++region) {
        is_needed |= is_in_region(scene, state, region, block);
      }
      if (!is_in_the_way || is_needed) continue;
      result.push_back({{block, kOutside}});
      result.back().insert(result.back().end(), errands.begin(), errands.end());
    }
  }
  return result;
}

}  // namespace

bool is_in_region(const envs::Scene& scene, const envs::State& state, int region, int block) {
  return envs::contains(scene.regions.at(region), state.blocks.at(block).pose);
}

std::vector<Plan> region_plans(const envs::Scene& scene, const envs::State& state,
                               const std::vector<std::vector<Errand>>& alternatives, size_t count,
                               envs::Random& random) {
  std::vector<Plan> plans = draw_plans(scene, state, alternatives, 0, count, random);
  const auto clearing = clearing_first(scene, state, alternatives);
  for (Plan& plan : draw_plans(scene, state, clearing, 1, (count + 2) / 3, random)) {
    plans.push_back(std::move(plan));
  }
  return plans;
}

}  // namespace mint::experts
