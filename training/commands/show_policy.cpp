#include <torch/torch.h>

#include "envs/env.h"
#include "training/agent.h"
#include "training/commands/show.h"
#include "training/commands/show_caption.h"
#include "training/image_tensor.h"
#include "training/keypoint_view.h"
#include "training/known_task.h"

namespace mint::training {
namespace {

class PolicyShow : public Show {
 public:
  PolicyShow(LoadedAgent loaded, const envs::EnvName& environment, const PlayOptions& options)
      : agent_(std::move(loaded.agent)),
        first_seed_(options.seed),
        env_(environment.task, environment.variant),
        eye_(agent_.detector ? std::make_unique<KeypointView>(agent_.detector) : nullptr) {
    if (!options.detector.empty()) other_eye_ = KeypointView::of_run(options.detector);
  }

  void start(int index) override {
    seed_ = first_seed_ + static_cast<uint64_t>(index);
    env_.reset(seed_);
    pilot_.emplace(agent_);
    if (eye_) eye_->reset();
    if (other_eye_) other_eye_->reset();
    look();
  }

  void step(const envs::Command&) override {
    const auto frame =
        to_tensor(env_.frame(), envs::kObservationSize_px, envs::kObservationSize_px);
    env_.step(static_cast<int>(pilot_->act(frame.unsqueeze(0)).item<int64_t>()));
    look();
  }

  bool is_at_end() const override { return env_.steps() == env_.task().episode_length; }

  envs::Image picture(const Look& look) const override {
    return picture_of(env_, look, other_eye_ ? other_eye_.get() : eye_.get());
  }

  std::vector<std::string> caption() const override { return episode_caption(env_, seed_); }
  std::string outcome() const override { return episode_outcome(env_, seed_); }
  std::optional<double> score() const override { return envs::score(env_.scene(), env_.state()); }
  std::string name() const override { return episode_name(env_); }

 private:
  void look() {
    if (eye_) eye_->look(env_.frame(), envs::kObservationSize_px);
    if (other_eye_) other_eye_->look(env_.frame(), envs::kObservationSize_px);
  }

  Agent agent_;
  uint64_t first_seed_;
  uint64_t seed_ = 0;
  envs::Env env_;
  std::optional<Pilot> pilot_;
  std::unique_ptr<KeypointView> eye_;        // what the policy sees; null where it reads pixels
  std::unique_ptr<KeypointView> other_eye_;  // of --detector, drawn in its place
};

}  // namespace

std::unique_ptr<Show> show_policy(const PlayOptions& options) {
  LoadedAgent loaded = load_agent(options.what);
  const envs::EnvName environment = known_environment(loaded.task, options.variant);
  return std::make_unique<PolicyShow>(std::move(loaded), environment, options);
}

}  // namespace mint::training
