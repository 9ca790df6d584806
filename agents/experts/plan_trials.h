// Experts that move several blocks: a plan is a list of jobs, and candidates are tried in a World
// of the expert's own before one is chosen. Each task only says which plans are worth trying.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "agents/experts/expert.h"
#include "agents/experts/pick_and_place.h"
#include "envs/random.h"
#include "envs/scene.h"
#include "envs/world.h"

namespace mint::experts {

using Plan = std::vector<Job>;  // worked off in order

struct CandidatePlan {
  Plan plan;
  double cost = 0;  // estimated, in any unit: compared within one list alone
};

// At most `count` of the candidates, cheapest first; of those that move the same blocks in the same
// order to places less than `alike` apart only the first.
std::vector<Plan> cheapest(std::vector<CandidatePlan> candidates, size_t count, double alike);

// Plans that may raise the score of `state` to 1, the most promising first.
using Proposer =
    std::function<std::vector<Plan>(const envs::Scene&, const envs::State&, envs::Random&)>;

// What else a Worker can do differently: reserves for when the nominal way fails.
struct Style {
  std::vector<int> ranks;  // of each job's approach heading, see choose_heading; missing ones are 0
  // Begins with `escape_steps` steps of `escape`, to get away from what it is stuck at.
  envs::Command escape;
  int escape_steps = 0;
};

// Works off the jobs of a plan one after another; those without a heading are given one. A value: a
// copy goes on by itself, so a plan begun in the episode can be tried to its end in another World.
class Worker {
 public:
  explicit Worker(Plan plan = {}, Style style = {})
      : plan_(std::move(plan)), style_(std::move(style)) {}

  bool is_finished() const { return next_ == plan_.size(); }
  size_t jobs_done() const { return next_; }
  bool is_stuck() const;  // the present job takes too long, or the robot stands still

  // Passes over jobs that are done; true if there was one.
  bool advance(const envs::State& state);

  // The last command was not executed: forgets what would follow from its having had no effect.
  void overruled();

  // The command of the next control step; stands still with an open gripper when finished.
  envs::Command act(const envs::State& state);

 private:
  void choose_heading_for(const envs::State& state, Job& job);
  void watch(const envs::State& state);

  Plan plan_;
  Style style_;
  size_t next_ = 0;
  envs::Vec2 seen_at_;       // where the present job's block was when its heading was chosen
  int age_ = 0;              // steps of the present job that were executed, and the next
  envs::Pose still_from_;    // where the robot last moved clearly
  int still_ = 0;            // steps since then
  envs::Vec2 nowhere_from_;  // the same for its position alone
  int nowhere_ = 0;
};

struct Outcome {
  double score = 0;        // mean of all trials, in [0, 1]; those that were left out count 0
  double undisturbed = 0;  // score of the first
  size_t jobs_done = 0;    // in the first, and before it
  int steps = 0;           // simulated in all
  // Of the first, before each of its steps: where the robot was and how many jobs were done.
  struct Moment {
    envs::Pose robot;
    size_t jobs_done = 0;
  };
  std::vector<Moment> path;
};

// `trials` trials from `state` with `steps_left` steps to go: the first undisturbed, the others
// with some random actions. Ends after the first if that does not score 1.
Outcome try_out(const envs::Scene& scene, const envs::State& state, const Worker& worker,
                int steps_left, int trials, envs::Random& random);

// Plans when the episode begins and keeps its plan as long as the robot is where the trials had it
// or the rest of the plan still works in a World; every few steps and at the end of a job it looks.
// Else, and when it is stuck, or when the plan is worked off and the score is not 1, it plans anew:
// it takes the first proposed plan whose trials all score 1, else the first of the reserves, else
// the one with the best mean. It does not look much longer when it has one that works undisturbed,
// and the steps simulated in an episode are bounded.
std::unique_ptr<Expert> planning_expert(Proposer propose, const envs::Random& random);

}  // namespace mint::experts
