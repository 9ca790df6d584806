#include <algorithm>
#include <stdexcept>

#include "training/commands/show.h"
#include "training/commands/show_caption.h"
#include "training/config_error.h"
#include "training/demonstrations.h"
#include "training/keypoint_view.h"

namespace mint::training {
namespace {

struct NamedEpisode {
  std::string name;  // "demo_3"
  Episode episode;
};

// Those that the options select, in the order of the file.
std::vector<NamedEpisode> selected_episodes(const PlayOptions& options) {
  const auto list = list_demonstrations(options.what);
  std::vector<size_t> chosen;
  for (size_t i = 0; i < list.size(); ++i) {
    const bool is_of_task =
        options.task.empty() || list[i].env_name.rfind(options.task + "-", 0) == 0;
    if (is_of_task && (options.episode.empty() || list[i].name == options.episode)) {
      chosen.push_back(i);
    }
  }
  if (chosen.empty()) {
    std::string wanted = options.episode.empty() ? "a demonstration" : options.episode;
    if (!options.task.empty()) wanted += " of " + options.task;
    throw std::runtime_error(options.what + ": expected " + wanted + ", got " +
                             std::to_string(list.size()) +
                             " other demonstrations; mint inspect lists them");
  }
  auto episodes = load_demonstrations(options.what);
  std::vector<NamedEpisode> selected;
  for (const size_t i : chosen) selected.push_back({list[i].name, std::move(episodes[i])});
  return selected;
}

class DemonstrationShow : public Show {
 public:
  explicit DemonstrationShow(const PlayOptions& options) : episodes_(selected_episodes(options)) {
    for (const NamedEpisode& entry : episodes_) {
      if (entry.episode.height != entry.episode.width) {
        throw std::runtime_error(options.what + ": data/" + entry.name +
                                 "/obs/allo_image: expected square frames, got " +
                                 std::to_string(entry.episode.width) + " x " +
                                 std::to_string(entry.episode.height));
      }
    }
    if (!options.detector.empty()) view_ = KeypointView::of_run(options.detector);
  }

  void start(int index) override {
    current_ = &episodes_[static_cast<size_t>(index) % episodes_.size()];
    step_ = 0;
    if (view_) view_->reset();
    look();
  }

  void step(const envs::Command&) override {
    ++step_;
    look();
  }

  bool is_at_end() const override { return step_ == current_->episode.length(); }

  envs::Image picture(const Look& look) const override {
    envs::Image image;
    image.width = image.height = current_->episode.width;
    image.rgb = frame();
    return view_ && look.shows_keypoints ? view_->over(image) : image;
  }

  std::vector<std::string> caption() const override {
    const Episode& episode = current_->episode;
    std::vector<std::string> lines = {
        current_->name + " " + episode.env_name,
        "seed " + std::to_string(episode.seed) + " " + episode.source,
        "step " + std::to_string(step_) + "/" + std::to_string(episode.length()),
        "score at the end " + score_text(episode.score)};
    if (!is_at_end()) {
      lines.push_back("action " + std::to_string(episode.actions[static_cast<size_t>(step_)]));
    }
    return lines;
  }

  std::string outcome() const override {
    const Episode& episode = current_->episode;
    return current_->name + ": " + episode.env_name + ": score " + score_text(episode.score) +
           " after " + std::to_string(episode.length()) + " steps";
  }

  int episodes() const override { return static_cast<int>(episodes_.size()); }

 private:
  std::vector<uint8_t> frame() const {
    const Episode& episode = current_->episode;
    const auto bytes = int64_t{3} * episode.width * episode.height;
    const auto begin = episode.frames.begin() + step_ * bytes;
    return {begin, begin + bytes};
  }

  void look() {
    if (view_) view_->look(frame(), current_->episode.width);
  }

  std::vector<NamedEpisode> episodes_;
  const NamedEpisode* current_ = nullptr;
  int64_t step_ = 0;
  std::unique_ptr<KeypointView> view_;  // none without a detector
};

}  // namespace

std::unique_ptr<Show> show_demonstrations(const PlayOptions& options) {
  if (options.shows_masks || !(options.camera.empty() || options.camera == "allo")) {
    throw ConfigError("command line: play: --masks, --camera: expected a task or a policy, got " +
                      options.what + ", which holds allocentric frames alone");
  }
  if (!options.variant.empty()) {
    throw ConfigError("command line: play: --variant: expected a task or a policy, got " +
                      options.what);
  }
  return std::make_unique<DemonstrationShow>(options);
}

}  // namespace mint::training
