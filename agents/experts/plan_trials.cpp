#include "agents/experts/plan_trials.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "agents/experts/motion.h"
#include "envs/task.h"
#include "envs/world.h"

namespace mint::experts {
namespace {

constexpr int kTrials = 3;            // of each plan
constexpr double kTrialNoise = 0.06;  // probability of a random action in all trials but the first
constexpr double kAsPlanned = 0.02;   // a robot this near is where the trials had it
constexpr int kLookEvery = 10;        // steps between looks at whether the plan still works
constexpr int kLookAgain = 25;        // and after it was found that none does
constexpr double kAway = 0.12;        // a block this far from where it was needs another approach
constexpr int kPatience = 90;         // steps after which a job is given up
constexpr int kWorthPlanning = 12;    // steps that a new plan needs at least
constexpr int kEpisodeBudget = 8000;  // steps simulated in an episode
constexpr int kMoreTries = 5;         // once a plan works undisturbed
constexpr int kLeastBudget = 300;     // and for one search at least

// The robot stands still while it moves and turns by less than this.
constexpr double kStill = 0.03;
constexpr double kStill_rad = 0.1;
constexpr int kStillPatience = 8;  // steps; closing and opening the gripper take four each
// And it gets nowhere while it stays within this distance; a turn by pi takes ten steps.
constexpr double kNowhere = 0.06;
constexpr int kNowherePatience = 18;

// Reserves, tried when no plan works as it is.
constexpr size_t kReserves = 60;  // workers
constexpr int kRanks = 4;         // of approach headings
constexpr int kEscapeSteps = 4;
constexpr envs::Command kEscapes[] = {{-1, 0, false}, {-1, 1, false}, {-1, -1, false},
                                      {0, 1, false},  {0, -1, false}, {1, 0, false}};

bool is_alike(const Plan& a, const Plan& b, double distance) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i].block != b[i].block) return false;
    if (envs::length(a[i].target - b[i].target) > distance) return false;
  }
  return true;
}

bool is_better(const Outcome& a, const Outcome& b) {
  if (a.score != b.score) return a.score > b.score;
  return a.jobs_done > b.jobs_done;
}

class PlanningExpert : public Expert {
 public:
  PlanningExpert(Proposer propose, const envs::Random& random)
      : propose_(std::move(propose)), random_(random) {}

  int act(const envs::Scene& scene, const envs::State& state, int step) override {
    const int steps_left = envs::find_task(scene.task).episode_length - step;
    const bool has_advanced = worker_.advance(state);
    const bool is_lost = worker_.is_stuck() || worker_.is_finished();
    if (steps_left > kWorthPlanning) {
      if (is_lost && envs::score(scene, state) < 1) {
        make_plan(scene, state, steps_left);
      } else if (!is_lost && is_time_to_look(has_advanced) && !is_as_planned(state)) {
        if (!works(scene, state, steps_left, has_advanced)) make_plan(scene, state, steps_left);
      }
    }
    ++age_;
    return envs::encode_action(worker_.act(state));
  }

  void overruled() override { worker_.overruled(); }

 private:
  bool is_time_to_look(bool has_advanced) const {
    const int interval = outcome_.undisturbed < 1 ? kLookAgain : kLookEvery;
    return has_advanced || (age_ > 0 && age_ % interval == 0);
  }

  bool is_as_planned(const envs::State& state) const {
    if (outcome_.undisturbed < 1 || age_ >= static_cast<int>(outcome_.path.size())) return false;
    const Outcome::Moment& moment = outcome_.path[age_];
    return moment.jobs_done == worker_.jobs_done() &&
           envs::length(position(moment.robot) - position(state.robot.pose)) < kAsPlanned;
  }

  // Whether the rest of the present plan does; between jobs it has to stand some disturbance.
  bool works(const envs::Scene& scene, const envs::State& state, int steps_left,
             bool is_between_jobs) {
    const int trials = is_between_jobs ? kTrials : 1;
    outcome_ = try_out(scene, state, worker_, steps_left, trials, random_);
    age_ = 0;
    return outcome_.score == 1;
  }

  // Takes the best plan there is; the present one if it has just been tried and no other is better.
  void make_plan(const envs::Scene& scene, const envs::State& state, int steps_left) {
    const bool is_stuck = worker_.is_stuck();
    if (is_stuck || worker_.is_finished()) {
      outcome_ = Outcome{};
      outcome_.score = -1;
    }
    age_ = 0;
    const std::vector<Plan> plans = propose_(scene, state, random_);
    if (plans.empty()) return;
    int budget = std::max(budget_, kLeastBudget);
    int more = kMoreTries;
    for (size_t i = 0; i < plans.size() + kReserves && budget > 0 && more > 0; ++i) {
      const Plan& plan = plans[i % plans.size()];
      Worker worker(plan, i < plans.size() ? Style{} : draw_style(plan.size(), is_stuck));
      Outcome outcome = try_out(scene, state, worker, steps_left, kTrials, random_);
      budget -= outcome.steps;
      budget_ -= outcome.steps;
      if (is_better(outcome, outcome_)) {
        outcome_ = std::move(outcome);
        worker_ = std::move(worker);
      }
      if (outcome_.score == 1) break;
      if (outcome_.undisturbed == 1) --more;
    }
  }

  Style draw_style(size_t jobs, bool is_stuck) {
    Style style;
    for (size_t i = 0; i < jobs; ++i) style.ranks.push_back(random_.below(kRanks));
    if (is_stuck) {
      style.escape = kEscapes[random_.below(std::size(kEscapes))];
      style.escape_steps = kEscapeSteps;
    }
    return style;
  }

  Proposer propose_;
  envs::Random random_;
  Worker worker_;
  Outcome outcome_;              // of its trials
  int age_ = 0;                  // steps since those
  int budget_ = kEpisodeBudget;  // steps
};

}  // namespace

std::vector<Plan> cheapest(std::vector<CandidatePlan> candidates, size_t count, double alike) {
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const CandidatePlan& a, const CandidatePlan& b) { return a.cost < b.cost; });
  std::vector<Plan> plans;
  for (CandidatePlan& candidate : candidates) {
    if (plans.size() == count) break;
    const bool is_new = std::none_of(plans.begin(), plans.end(), [&](const Plan& plan) {
      return is_alike(plan, candidate.plan, alike);
    });
    if (is_new) plans.push_back(std::move(candidate.plan));
  }
  return plans;
}

bool Worker::is_stuck() const {
  return age_ > kPatience || still_ > kStillPatience || nowhere_ > kNowherePatience;
}

bool Worker::advance(const envs::State& state) {
  const size_t before = next_;
  while (!is_finished() && is_done(state, plan_[next_])) {
    ++next_;
    age_ = 0;
  }
  return next_ > before;
}

void Worker::overruled() {
  still_ = nowhere_ = 0;
  if (is_finished()) return;
  plan_[next_].halted = plan_[next_].backing = 0;
  if (age_ > 1) --age_;
}

envs::Command Worker::act(const envs::State& state) {
  if (style_.escape_steps > 0) {
    --style_.escape_steps;
    return style_.escape;
  }
  advance(state);
  if (is_finished()) return {};
  ++age_;
  watch(state);
  choose_heading_for(state, plan_[next_]);
  return pick_and_place(state, plan_[next_]);
}

void Worker::watch(const envs::State& state) {
  const envs::Pose& pose = state.robot.pose;
  const bool has_moved = envs::length(position(pose) - position(still_from_)) > kStill ||
                         std::abs(pose.angle - still_from_.angle) > kStill_rad;
  still_ = has_moved ? 0 : still_ + 1;
  if (has_moved) still_from_ = pose;
  const bool is_elsewhere = envs::length(position(pose) - nowhere_from_) > kNowhere;
  nowhere_ = is_elsewhere ? 0 : nowhere_ + 1;
  if (is_elsewhere) nowhere_from_ = position(pose);
}

// Chosen when a job begins without one, and again when its block has got away.
void Worker::choose_heading_for(const envs::State& state, Job& job) {
  const envs::Vec2 block = position(state.blocks.at(job.block).pose);
  if (age_ == 1 && job.heading) seen_at_ = block;
  const bool has_moved = envs::length(block - seen_at_) > kAway;
  if (job.heading && (!has_moved || is_between_fingers(state, job.block))) return;
  job.heading = choose_heading(state, job, next_ < style_.ranks.size() ? style_.ranks[next_] : 0);
  seen_at_ = block;
}

Outcome try_out(const envs::Scene& scene, const envs::State& state, const Worker& worker,
                int steps_left, int trials, envs::Random& random) {
  Outcome outcome;
  for (int trial = 0; trial < trials; ++trial) {
    envs::World world(scene);
    world.restore(state);
    Worker copy = worker;
    for (int i = 0; i < steps_left && !copy.is_stuck(); ++i) {
      copy.advance(world.state());
      if (trial == 0) outcome.path.push_back({world.state().robot.pose, copy.jobs_done()});
      int action = envs::encode_action(copy.act(world.state()));
      if (copy.is_finished()) break;
      if (trial > 0 && random.uniform(0, 1) < kTrialNoise) action = random.below(envs::kActions);
      world.step(action);
      ++outcome.steps;
    }
    const double score = envs::score(scene, world.state());
    outcome.score += score / trials;
    if (trial == 0) {
      outcome.undisturbed = score;
      outcome.jobs_done = copy.jobs_done();
    }
    if (trial == 0 && score < 1) return outcome;
  }
  if (outcome.score > 1 - 1e-9) outcome.score = 1;
  return outcome;
}

std::unique_ptr<Expert> planning_expert(Proposer propose, const envs::Random& random) {
  return std::make_unique<PlanningExpert>(std::move(propose), random);
}

}  // namespace mint::experts
