#include "agents/experts/make_line.h"

#include <algorithm>

#include "agents/experts/line_plan.h"
#include "agents/experts/motion.h"
#include "agents/experts/pick_and_place.h"
#include "envs/task.h"
#include "envs/world.h"

namespace mint::experts {
namespace {

constexpr size_t kPlans = 20;       // tried in a World before one is chosen
constexpr double kAway = 0.12;      // a block this far from where it was needs another approach
constexpr int kPatience = 60;       // steps after which a job is given up
constexpr int kWorthPlanning = 20;  // steps that a new plan needs at least

// Works off the jobs of a plan one after another.
class Worker {
 public:
  explicit Worker(std::vector<Job> jobs = {}) : jobs_(std::move(jobs)) {}

  bool is_finished() const { return next_ == jobs_.size(); }
  bool is_stuck() const { return age_ > kPatience; }

  envs::Command act(const envs::State& state) {
    while (!is_finished()) {
      Job& job = jobs_[next_];
      choose_heading_for(state, job);
      if (!is_done(state, job)) {
        ++age_;
        return pick_and_place(state, job);
      }
      ++next_;
      age_ = 0;
    }
    return {};
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
    const bool is_open = worker_.is_finished() && envs::score(scene, state) < 1;
    if ((is_open || worker_.is_stuck()) && steps_left > kWorthPlanning) {
      worker_ = Worker(plan(scene, state, steps_left));
    }
    return envs::encode_action(worker_.act(state));
  }

 private:
  // The first of the cheapest plans that works in a World, or the one that works best.
  std::vector<Job> plan(const envs::Scene& scene, const envs::State& state, int steps_left) {
    std::vector<Job> best;
    double best_score = -1;
    for (LinePlan& candidate : line_plans(state, scene.targets, kPlans, random_)) {
      const double score = try_out(scene, state, candidate.jobs, steps_left);
      if (score > best_score) {
        best_score = score;
        best = std::move(candidate.jobs);
      }
      if (score == 1) break;
    }
    return best;
  }

  static double try_out(const envs::Scene& scene, const envs::State& state,
                        const std::vector<Job>& jobs, int steps_left) {
    envs::World world(scene);
    world.restore(state);
    Worker worker(jobs);
    for (int i = 0; i < steps_left && !worker.is_stuck(); ++i) {
      const envs::Command command = worker.act(world.state());
      if (worker.is_finished()) break;
      world.step(envs::encode_action(command));
    }
    return envs::score(scene, world.state());
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
