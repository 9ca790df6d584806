#include "training/policy_dataset_builder.h"

#include <stdexcept>
#include <utility>

#include <torch/torch.h>

#include "training/frame_dataset.h"
#include "training/keypoint_cache.h"

namespace mint::training {

PolicyDatasetBuilder::PolicyDatasetBuilder(const CloneConfig& config, const agents::Policy& policy,
                                           const LoadedDetector& detector,
                                           std::vector<FrameMotion> motions)
    : config_(config),
      decisions_{policy.history(), policy.chunk(), config.idle_tail, config.idle_weight},
      detector_(detector),
      reads_pixels_(policy.keypoints() == 0),
      motions_(std::move(motions)),
      xy_(motions_.size()),
      active_(motions_.size()) {}

void PolicyDatasetBuilder::add_demonstration(Episode episode,
                                             const std::function<void(int64_t)>& on_frames) {
  if (rollouts_ > 0) throw std::logic_error("PolicyDatasetBuilder: a demonstration after rollouts");
  const auto frames = frames_of(episode);
  add_frames(frames, [&](const FrameMotion& motion) {
    int64_t before = 0;
    const auto on_done = [&](int64_t done) {
      on_frames(done - before);
      before = done;
    };
    const auto keypoints = cached_keypoints(
        *detector_.detector, detector_.config.mint.detect_gamma, move_frames(frames, motion),
        std::filesystem::path(config_.detector) / "keypoints", on_done);
    if (before < frames.size(0)) on_done(frames.size(0));  // the cache had them
    return keypoints;
  });
  episode.frames = std::vector<uint8_t>();  // {} would keep the memory
  episodes_.push_back(std::move(episode));
}

void PolicyDatasetBuilder::add_rollout(Episode episode, const torch::Tensor& frames,
                                       const perception::Keypoints& keypoints) {
  if (needs_frames()) {
    bool is_first = true;  // which stands still
    add_frames(frames, [&](const FrameMotion& motion) {
      if (std::exchange(is_first, false)) return keypoints;
      return detector_.detector->detect(move_frames(frames, motion));
    });
  } else {
    xy_[0].push_back(keypoints.xy);
    active_[0].push_back(keypoints.active);
  }
  episodes_.push_back(std::move(episode));
  ++rollouts_;
}

void PolicyDatasetBuilder::add_frames(
    const torch::Tensor& frames,
    const std::function<perception::Keypoints(const FrameMotion&)>& detect) {
  if (reads_pixels_) {
    images_.push_back(frames);
    return;
  }
  for (size_t i = 0; i < motions_.size(); ++i) {
    const auto keypoints = unmove(detect(motions_[i]), motions_[i], frames.size(2), frames.size(3));
    xy_[i].push_back(keypoints.xy);
    active_[i].push_back(keypoints.active);
  }
}

PolicyDataset PolicyDatasetBuilder::build() const {
  auto dataset = make_policy_dataset(episodes_, decisions_, rollouts_);
  dataset.mirrored.clear();
  for (const FrameMotion& motion : motions_) dataset.mirrored.push_back(motion.is_mirrored);
  if (reads_pixels_) {
    dataset.images = torch::cat(images_);
    return dataset;
  }
  std::vector<torch::Tensor> xy, active;  // copy after copy
  for (size_t i = 0; i < motions_.size(); ++i) {
    xy.insert(xy.end(), xy_[i].begin(), xy_[i].end());
    active.insert(active.end(), active_[i].begin(), active_[i].end());
  }
  dataset.keypoints = {torch::cat(xy), torch::cat(active)};
  return dataset;
}

std::vector<FrameMotion> motions_of(const CloneConfig& config, const agents::Policy& policy) {
  CopiesConfig copies = config.copies;
  if (policy.keypoints() == 0) copies.copies = 0;
  return draw_motions(copies, config.seed);
}

}  // namespace mint::training
