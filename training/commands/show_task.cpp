#include "envs/env.h"
#include "training/commands/show.h"
#include "training/commands/show_caption.h"
#include "training/keypoint_view.h"
#include "training/known_task.h"

namespace mint::training {
namespace {

class TaskShow : public Show {
 public:
  explicit TaskShow(const PlayOptions& options)
      : first_seed_(options.seed), env_(options.what, options.variant) {
    if (!options.detector.empty()) view_ = KeypointView::of_run(options.detector);
  }

  void start(int index) override {
    seed_ = first_seed_ + static_cast<uint64_t>(index);
    env_.reset(seed_);
    if (view_) view_->reset();
    look();
  }

  void step(const envs::Command& keys) override {
    env_.step(envs::encode_action(keys));
    look();
  }

  bool is_at_end() const override { return env_.steps() == env_.task().episode_length; }

  envs::Image picture() const override {
    return view_ ? view_->over(env_.full_frame()) : env_.full_frame();
  }

  std::vector<std::string> caption() const override { return episode_caption(env_, seed_); }
  std::string outcome() const override { return episode_outcome(env_, seed_); }

 private:
  void look() {
    if (view_) view_->look(env_.frame(), envs::kObservationSize_px);
  }

  uint64_t first_seed_;
  uint64_t seed_ = 0;
  envs::Env env_;
  std::unique_ptr<KeypointView> view_;  // none without a detector
};

}  // namespace

std::unique_ptr<Show> show_task(const PlayOptions& options) {
  require_known_task(options.what, options.variant);
  return std::make_unique<TaskShow>(options);
}

}  // namespace mint::training
