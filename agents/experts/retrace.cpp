#include "agents/experts/retrace.h"

#include <algorithm>
#include <utility>

#include "agents/experts/motion.h"
#include "envs/task.h"

namespace mint::experts {

using envs::Scene;
using envs::State;

namespace {

constexpr int kMostRepairs = 4;

bool moves(const Plan& plan, int block) {
  return std::any_of(plan.begin(), plan.end(), [&](const Job& job) { return job.block == block; });
}

class Retracing : public Expert {
 public:
  explicit Retracing(const Outline& outline)
      : rest_(outline.rest), plan_(plan_of(outline.segments)), worker_(plan_) {
    for (auto job = plan_.rbegin(); job != plan_.rend(); ++job) {
      if (!moves(last_jobs_, job->block)) last_jobs_.insert(last_jobs_.begin(), *job);
    }
    const Plan bumps = plan_of(outline.bumps);
    last_jobs_.insert(last_jobs_.end(), bumps.begin(), bumps.end());
  }

  int act(const Scene& scene, const State& state, int) override {
    if (plan_.empty()) return envs::encode_action(drive_to(state, rest_));
    worker_.advance(state);
    const bool is_lost = worker_.is_stuck() || worker_.is_finished();
    if (is_lost && repairs_ < kMostRepairs && envs::score(scene, state) < 1) repair(state);
    return envs::encode_action(worker_.act(state));
  }

 private:
  // What is left to do, and then what has to be done again.
  void repair(const State& state) {
    ++repairs_;
    Plan rest(plan_.begin() + worker_.jobs_done(), plan_.end());
    for (const Job& job : last_jobs_) {
      if (!moves(rest, job.block) && !is_done(state, job)) rest.push_back(job);
    }
    for (Job& job : rest) job.heading.reset();
    plan_ = std::move(rest);
    worker_ = Worker(plan_);
  }

  envs::Vec2 rest_;
  Plan last_jobs_;  // of every block
  Plan plan_;       // what `worker_` works off
  Worker worker_;
  int repairs_ = 0;
};

}  // namespace

std::unique_ptr<Expert> retracing_expert(const Outline& outline) {
  return std::make_unique<Retracing>(outline);
}

}  // namespace mint::experts
