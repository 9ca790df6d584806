#include "agents/experts/line_plan.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "agents/experts/motion.h"

namespace mint::experts {

using envs::Vec2;

namespace {

constexpr int kLines = 300;            // drawn per call
constexpr double kMinSpacing = 0.33;   // of neighbours: room for the fingers
constexpr double kMaxSpacing = 0.385;  // the score allows gaps of 0.42
constexpr double kReach = 0.8;         // places lie within [-kReach, kReach]
constexpr double kJobCost = 1.2;       // of grasping and releasing, in units of driving

constexpr double kVariety = 1.3;  // costs grow by up to this factor, so that seeds differ
constexpr double kAlike = 0.08;   // plans whose places differ by less are one

// A block this close to its place may stay.
constexpr double kAcrossTolerance = 0.08;
constexpr double kAlongTolerance = 0.025;

struct Line {
  Vec2 first;  // the first place
  Vec2 step;   // from one place to the next
};

Vec2 place_on(const Line& line, int k) {
  return line.first + static_cast<double>(k) * line.step;
}

bool may_stay(const Line& line, const Vec2& block, const Vec2& place) {
  const Vec2 along = (1 / envs::length(line.step)) * line.step;
  const Vec2 off = block - place;
  return std::abs(envs::dot(off, along)) < kAlongTolerance &&
         std::abs(envs::cross(off, along)) < kAcrossTolerance;
}

// A line through one block, or through two when their distance allows it.
Line draw_line(const std::vector<Vec2>& blocks, envs::Random& random) {
  const int n = static_cast<int>(blocks.size());
  const int anchor = random.below(n);
  const int other = random.below(n);
  const int place = random.below(n);
  const int other_place = random.below(n);
  Vec2 step = random.uniform(kMinSpacing, kMaxSpacing) * forward(random.uniform(0, 2 * M_PI));
  if (anchor != other && place != other_place) {
    const Vec2 exact = (1.0 / (other_place - place)) * (blocks[other] - blocks[anchor]);
    const double spacing = envs::length(exact);
    if (spacing > kMinSpacing && spacing < kMaxSpacing) step = exact;
  }
  return {blocks[anchor] - static_cast<double>(place) * step, step};
}

bool is_in_reach(const Line& line, const std::vector<Vec2>& blocks,
                 const std::vector<int>& places) {
  for (size_t i = 0; i < blocks.size(); ++i) {
    const Vec2 place = place_on(line, places[i]);
    if (may_stay(line, blocks[i], place)) continue;
    if (std::abs(place.x) > kReach || std::abs(place.y) > kReach) return false;
  }
  return true;
}

// The cheapest order of the jobs: from where the robot is to the first block, to its place, to the
// next block, and so on.
CandidatePlan ordered(const envs::State& state, std::vector<Job> jobs) {
  CandidatePlan best;
  best.cost = INFINITY;
  std::sort(jobs.begin(), jobs.end(), [](const Job& a, const Job& b) { return a.block < b.block; });
  do {
    double cost = 0;
    Vec2 here = position(state.robot.pose);
    for (const Job& job : jobs) {
      const Vec2 block = position(state.blocks.at(job.block).pose);
      cost += kJobCost + envs::length(block - here) + envs::length(job.target - block);
      here = job.target;
    }
    if (cost < best.cost) best = {jobs, cost};
  } while (std::next_permutation(jobs.begin(), jobs.end(),
                                 [](const Job& a, const Job& b) { return a.block < b.block; }));
  return best;
}

}  // namespace

std::vector<Plan> line_plans(const envs::State& state, const std::vector<int>& targets,
                             size_t count, envs::Random& random) {
  std::vector<Vec2> blocks;
  for (const int target : targets) blocks.push_back(position(state.blocks.at(target).pose));
  std::vector<CandidatePlan> plans;
  for (int i = 0; i < kLines; ++i) {
    const Line line = draw_line(blocks, random);
    std::vector<int> places(blocks.size());
    std::iota(places.begin(), places.end(), 0);
    CandidatePlan best;
    best.cost = INFINITY;
    do {
      if (!is_in_reach(line, blocks, places)) continue;
      std::vector<Job> jobs;
      for (size_t b = 0; b < blocks.size(); ++b) {
        const Vec2 place = place_on(line, places[b]);
        if (may_stay(line, blocks[b], place)) continue;
        Job job;
        job.block = targets[b];
        job.target = place;
        jobs.push_back(job);
      }
      if (kJobCost * static_cast<double>(jobs.size()) > best.cost) continue;
      CandidatePlan plan = ordered(state, jobs);
      if (plan.cost < best.cost) best = std::move(plan);
    } while (std::next_permutation(places.begin(), places.end()));
    if (!std::isfinite(best.cost)) continue;
    best.cost *= random.uniform(1, kVariety);
    plans.push_back(std::move(best));
  }
  return cheapest(std::move(plans), count, kAlike);
}

}  // namespace mint::experts
