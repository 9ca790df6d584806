#include "agents/experts/make_line.h"

#include <algorithm>

#include "agents/experts/line_plan.h"
#include "agents/experts/motion.h"
#include "agents/experts/pick_and_place.h"
#include "envs/task.h"
#include "envs/world.h"

namespace mint::experts {
namespace {

constexpr size_t kPlans = 20;         // tried in a World before one is chosen
constexpr int kTrials = 3;            // of each plan
constexpr double kTrialNoise = 0.06;  // probability of a random action in all trials but the first
constexpr double kAway = 0.12;        // a block this far from where it was needs another approach
constexpr int kPatience = 60;         // steps after which a job is given up
constexpr int kWorthPlanning = 20;    // steps that a new plan needs at least

// Works off the jobs of a plan one after another.
class Worker {
 public:
  explicit Worker(std::vector<Job> jobs = {}) : jobs_(std::move(jobs)) {}

  bool is_finished() const { return next_ == jobs_.size(); }
  bool is_stuck() const { return age_ > kPatience; }

  // Passes over jobs that are done; true if there was one.
  bool advance(const envs::State& state) {
    const size_t before = next_;
    while (!is_finished() && is_done(state, jobs_[next_])) {
      ++next_;
      age_ = 0;
    }
    return next_ > before;
  }

  envs::Command act(const envs::State& state) {
    advance(state);
    if (is_finished()) return {};
    ++age_;
    choose_heading_for(state, jobs_[next_]);
    return pick_and_place(state, jobs_[next_]);
  }

 private:
  // Chosen when a job begins, and again when its block has got away.
  void choose_heading_for(const envs::State& state, Job& job) {
    const envs::Vec2 block = position(state.blocks.at(job.block).pose);
    const bool has_moved = envs::length(block - seen_at_) > kAway;
    if (job.heading && (!has_moved || is_between_fingers(state, job.block))) return;
    job.heading = choose_heading(state, job);
    seen_at_ = block;
  }

  std::vector<Job> jobs_;
  size_t next_ = 0;
  envs::Vec2 seen_at_;  // where the present job's block was when its heading was chosen
  int age_ = 0;         // steps of the present job
};

class MakeLine : public Expert {
 public:
  explicit MakeLine(const envs::Random& random) : random_(random) {}

  int act(const envs::Scene& scene, const envs::State& state, int step) override {
    const int steps_left = envs::find_task(scene.task).episode_length - step;
    const bool has_advanced = worker_.advance(state);
    const bool is_open =
        worker_.is_finished() ? envs::score(scene, state) < 1 : has_advanced || worker_.is_stuck();
    if (is_open && steps_left > kWorthPlanning) make_plan(scene, state, steps_left);
    return envs::encode_action(worker_.act(state));
  }

 private:
  // Keeps the present plan while it works in a World; else the first of the cheapest plans that
  // does, or the one that works best.
  void make_plan(const envs::Scene& scene, const envs::State& state, int steps_left) {
    double best_score = worker_.is_stuck() || worker_.is_finished()
                            ? -1
                            : try_out(scene, state, worker_, steps_left);
    if (best_score == 1) return;
    for (LinePlan& candidate : line_plans(state, scene.targets, kPlans, random_)) {
      Worker worker(std::move(candidate.jobs));
      const double score = try_out(scene, state, worker, steps_left);
      if (score > best_score) {
        best_score = score;
        worker_ = worker;
      }
      if (score == 1) break;
    }
  }

  // The mean score of a few trials, the first undisturbed, the others with some random actions.
  double try_out(const envs::Scene& scene, const envs::State& state, const Worker& plan,
                 int steps_left) {
    double sum = 0;
    for (int trial = 0; trial < kTrials; ++trial) {
      envs::World world(scene);
      world.restore(state);
      Worker worker = plan;
      for (int i = 0; i < steps_left && !worker.is_stuck(); ++i) {
        int action = envs::encode_action(worker.act(world.state()));
        if (worker.is_finished()) break;
        if (trial > 0 && random_.uniform(0, 1) < kTrialNoise)
          action = random_.below(envs::kActions);
        world.step(action);
      }
      const double score = envs::score(scene, world.state());
      if (trial == 0 && score < 1) return score / kTrials;
      sum += score / kTrials;
    }
    return sum > 1 - 1e-9 ? 1 : sum;
  }

  envs::Random random_;
  Worker worker_;
};

}  // namespace

std::unique_ptr<Expert> make_line_expert(const envs::Scene&, envs::Random& random,
                                         const ExpertOptions& options) {
  return std::make_unique<MakeLine>(options.deterministic ? envs::Random(0) : random);
}

}  // namespace mint::experts
