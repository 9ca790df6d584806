#include "agents/experts/expert.h"
#include "envs/env.h"
#include "envs/random.h"
#include "training/commands/show.h"
#include "training/commands/show_caption.h"
#include "training/config_error.h"
#include "training/keypoint_view.h"
#include "training/known_task.h"

namespace mint::training {
namespace {

class TaskShow : public Show {
 public:
  TaskShow(const envs::EnvName& environment, const PlayOptions& options)
      : first_seed_(options.seed),
        is_by_expert_(options.by == "expert"),
        env_(environment.task, environment.variant) {
    if (!options.detector.empty()) view_ = KeypointView::of_run(options.detector);
  }

  void start(int index) override {
    seed_ = first_seed_ + static_cast<uint64_t>(index);
    env_.reset(seed_);
    if (is_by_expert_) {
      expert_ = experts::make_expert(env_.scene(), envs::derive_seed(seed_, "expert"));
    }
    if (view_) view_->reset();
    look();
  }

  void step(const envs::Command& keys) override {
    env_.step(expert_ ? expert_->act(env_.scene(), env_.state(), env_.steps())
                      : envs::encode_action(keys));
    look();
  }

  bool is_at_end() const override { return env_.steps() == env_.task().episode_length; }

  envs::Image picture(const Look& look) const override {
    return picture_of(env_, look, view_.get());
  }

  std::vector<std::string> caption() const override { return episode_caption(env_, seed_); }
  std::string outcome() const override { return episode_outcome(env_, seed_); }
  std::optional<double> score() const override { return envs::score(env_.scene(), env_.state()); }
  std::string name() const override { return episode_name(env_); }

 private:
  void look() {
    if (view_) view_->look(env_.frame(), envs::kObservationSize_px);
  }

  uint64_t first_seed_;
  bool is_by_expert_;
  uint64_t seed_ = 0;
  envs::Env env_;
  std::unique_ptr<experts::Expert> expert_;  // none when the user drives
  std::unique_ptr<KeypointView> view_;       // none without a detector
};

}  // namespace

std::unique_ptr<Show> show_task(const PlayOptions& options) {
  const envs::EnvName environment = known_environment(options.what, options.variant);
  if (options.by == "expert" && !experts::has_expert(environment.task)) {
    throw ConfigError("command line: --by: expected keyboard, got expert: there is none for " +
                      environment.task);
  }
  return std::make_unique<TaskShow>(environment, options);
}

}  // namespace mint::training
