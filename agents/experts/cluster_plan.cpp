#include "agents/experts/cluster_plan.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "agents/experts/motion.h"

namespace mint::experts {

using envs::Vec2;

namespace {

constexpr int kGroups = 8;  // room for every shape

// All costs are in control steps.
constexpr double kJob = 20;      // of grasping, turning and releasing
constexpr double kPerUnit = 11;  // of driving a unit of way
// A block's margin is the distance by which it is nearer to its own group than the score asks.
constexpr double kLeastMargin = 0.15;
constexpr double kMargin = 400;      // of a unit of margin less than that
constexpr double kEasyMargin = 0.3;  // what is disturbed on the way takes less than this
constexpr double kUneasy = 80;       // of a unit of margin less than that
constexpr double kWrong = 15;        // of a block without any
constexpr double kRoom = 0.34;       // between a placed block and the others
constexpr double kCrowded = 300;     // of a unit of missing room
constexpr double kReach = 0.8;       // places lie within [-kReach, kReach]
constexpr double kPassing = 0.32;    // a block this near to the way is in the way
constexpr double kInTheWay = 60;     // of a unit of missing room on the way

constexpr size_t kPlans = 20;        // proposed at most
constexpr double kClearance = 0.42;  // the gripper is past the block

constexpr int kRestarts = 30;
constexpr int kSteps = 2500;  // of each annealing
constexpr double kHot = 30;   // temperatures of the annealing
constexpr double kCold = 0.5;
constexpr double kAlike = 0.15;  // plans whose places differ by less are one

struct Layout {
  std::vector<Vec2> places;  // of the blocks at the end
  std::vector<char> moved;
};

struct Problem {
  std::vector<Vec2> blocks;  // where they are
  const std::vector<int>& groups;
  std::vector<double> fetching;  // cost of getting at each block as they lie
};

// What is missing to a layout in which every block is clearly nearest to its own group.
double cost_of_groups(const Problem& problem, const Layout& layout) {
  std::array<Vec2, kGroups> centroids = {};
  std::array<int, kGroups> sizes = {};
  for (size_t i = 0; i < problem.groups.size(); ++i) {
    centroids[problem.groups[i]] = centroids[problem.groups[i]] + layout.places[i];
    ++sizes[problem.groups[i]];
  }
  for (int g = 0; g < kGroups; ++g) {
    if (sizes[g] > 0) centroids[g] = (1.0 / sizes[g]) * centroids[g];
  }
  double cost = 0;
  for (size_t i = 0; i < problem.groups.size(); ++i) {
    double own = 0;
    double other = INFINITY;  // squared distances
    for (int g = 0; g < kGroups; ++g) {
      if (sizes[g] == 0) continue;
      const Vec2 off = layout.places[i] - centroids[g];
      if (g == problem.groups[i])
        own = dot(off, off);
      else
        other = std::min(other, dot(off, off));
    }
    const double margin = std::sqrt(other) - std::sqrt(own) - 2 * own;
    cost += kMargin * std::max(0.0, kLeastMargin - margin);
    cost += kUneasy * std::max(0.0, kEasyMargin - margin);
    if (margin <= 0) cost += kWrong;
  }
  return cost;
}

double cost_of(const Problem& problem, const Layout& layout) {
  double cost = cost_of_groups(problem, layout);
  for (size_t i = 0; i < layout.places.size(); ++i) {
    if (!layout.moved[i]) continue;
    cost +=
        kJob + problem.fetching[i] + kPerUnit * envs::length(layout.places[i] - problem.blocks[i]);
    for (size_t j = 0; j < layout.places.size(); ++j) {
      if (j == i) continue;
      const double room = envs::length(layout.places[i] - layout.places[j]);
      cost += kCrowded * std::max(0.0, kRoom - room);
    }
  }
  return cost;
}

Vec2 in_reach(Vec2 point) {
  return {std::clamp(point.x, -kReach, kReach), std::clamp(point.y, -kReach, kReach)};
}

// Sends a block home, to another place of its own, near another of its group, or anywhere.
void change(const Problem& problem, Layout& layout, envs::Random& random) {
  const int n = static_cast<int>(layout.places.size());
  const int i = random.below(n);
  const int kind = random.below(4);
  if (layout.moved[i] && kind == 0) {
    layout.moved[i] = 0;
    layout.places[i] = problem.blocks[i];
    return;
  }
  const double spread = kind == 1 ? 0.1 : 0.5;
  Vec2 from = layout.places[i];
  if (kind == 3) {
    int j = random.below(n);
    for (int k = 0; k < n && problem.groups[j] != problem.groups[i]; ++k) j = (j + 1) % n;
    from = layout.places[j];
  }
  const double dx = random.normal();
  const double dy = random.normal();
  layout.moved[i] = 1;
  layout.places[i] = in_reach(from + spread * Vec2{dx, dy});
}

Layout anneal(const Problem& problem, envs::Random& random) {
  Layout layout{problem.blocks, std::vector<char>(problem.blocks.size(), 0)};
  double cost = cost_of(problem, layout);
  Layout best = layout;
  double best_cost = cost;
  for (int step = 0; step < kSteps; ++step) {
    const double heat = kHot * std::pow(kCold / kHot, step / static_cast<double>(kSteps));
    Layout next = layout;
    change(problem, next, random);
    const double next_cost = cost_of(problem, next);
    if (next_cost > cost && random.uniform(0, 1) > std::exp((cost - next_cost) / heat)) continue;
    layout = std::move(next);
    cost = next_cost;
    if (cost < best_cost) {
      best = layout;
      best_cost = cost;
    }
  }
  return best;
}

double distance_to_way(const Vec2& point, const Vec2& from, const Vec2& to) {
  const Vec2 way = to - from;
  const double squared = std::max(1e-9, dot(way, way));
  const double along = std::clamp(dot(point - from, way) / squared, 0.0, 1.0);
  return envs::length(point - (from + along * way));
}

// Driving straight from one place to another past the others.
double cost_of_way(const Vec2& from, const Vec2& to, const std::vector<Vec2>& others) {
  double cost = kPerUnit * envs::length(to - from);
  for (const Vec2& other : others) {
    cost += kInTheWay * std::max(0.0, kPassing - distance_to_way(other, from, to));
  }
  return cost;
}

// Where all blocks but `skipped` are when the jobs in `set` are done; bit k stands for jobs[k].
std::vector<Vec2> others_then(const Problem& problem, const Layout& layout,
                              const std::vector<int>& jobs, int set, int skipped) {
  std::vector<Vec2> others = problem.blocks;
  for (size_t k = 0; k < jobs.size(); ++k) {
    if (set >> k & 1) others[jobs[k]] = layout.places[jobs[k]];
  }
  others.erase(others.begin() + skipped);
  return others;
}

// The moves of a layout in the cheapest order, by dynamic programming over the sets of jobs already
// done: driving to the next block, carrying it to its place, past the others where they are then.
CandidatePlan ordered(const envs::State& state, const Problem& problem, const Layout& layout) {
  CandidatePlan candidate;
  candidate.cost = cost_of_groups(problem, layout);
  std::vector<int> jobs;
  for (size_t i = 0; i < layout.moved.size(); ++i) {
    if (layout.moved[i]) jobs.push_back(static_cast<int>(i));
  }
  const int n = static_cast<int>(jobs.size());
  if (n == 0) return candidate;
  struct Best {
    double cost = INFINITY;
    int before = -1;
  };
  const int sets = 1 << n;
  std::vector<Best> table(static_cast<size_t>(sets * n));  // [set of jobs done, the last of them]
  for (int set = 0; set < sets - 1; ++set) {
    for (int next = 0; next < n; ++next) {
      if (set >> next & 1) continue;
      const Vec2 block = problem.blocks[jobs[next]];
      const Vec2 place = layout.places[jobs[next]];
      const std::vector<Vec2> others = others_then(problem, layout, jobs, set, jobs[next]);
      const double cost = kJob + fetching_cost(others, block) + cost_of_way(block, place, others) +
                          placing_cost(others, place);
      Best& best = table[(set | 1 << next) * n + next];
      if (set == 0) best.cost = cost + cost_of_way(position(state.robot.pose), block, others);
      for (int last = 0; last < n; ++last) {
        if (!(set >> last & 1)) continue;
        const double total = table[set * n + last].cost + cost +
                             cost_of_way(layout.places[jobs[last]], block, others);
        if (total < best.cost) best = {total, last};
      }
    }
  }
  int set = sets - 1;
  const auto row = table.begin() + set * n;
  int last = static_cast<int>(
      std::min_element(row, row + n, [](const Best& a, const Best& b) { return a.cost < b.cost; }) -
      row);
  candidate.cost += row[last].cost;
  while (last >= 0) {
    Job job;
    job.block = jobs[last];
    job.target = layout.places[job.block];
    job.clearance = kClearance;
    candidate.plan.push_back(job);
    const int before = table[set * n + last].before;
    set &= ~(1 << last);
    last = before;
  }
  std::reverse(candidate.plan.begin(), candidate.plan.end());
  return candidate;
}

}  // namespace

std::vector<Plan> cluster_plans(const envs::State& state, const std::vector<int>& groups,
                                envs::Random& random) {
  Problem problem{{}, groups, {}};
  for (const envs::BodyState& block : state.blocks) problem.blocks.push_back(position(block.pose));
  for (size_t i = 0; i < problem.blocks.size(); ++i) {
    std::vector<Vec2> others = problem.blocks;
    others.erase(others.begin() + static_cast<long>(i));
    problem.fetching.push_back(fetching_cost(others, problem.blocks[i]));
  }
  std::vector<CandidatePlan> candidates;
  for (int i = 0; i < kRestarts; ++i) {
    candidates.push_back(ordered(state, problem, anneal(problem, random)));
  }
  return cheapest(std::move(candidates), kPlans, kAlike);
}

}  // namespace mint::experts
