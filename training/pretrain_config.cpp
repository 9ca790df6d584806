#include "training/pretrain_config.h"

#include "training/learning_rate.h"

namespace mint::training {
namespace {

// What the settings of both baseline detectors have.
template <class Config>
void baseline_fields(Fields& f, Config& c) {
  f.field("keypoints", c.keypoints, range(1, 512), "K");
  f.field("height", c.height, range(16, 4096), "of the frames, px");
  f.field("width", c.width, range(16, 4096), "of the frames, px");
  f.field("input_height", c.input_height, range(8, 1024), "of the networks, px, a multiple of 4");
  f.field("input_width", c.input_width, range(8, 1024), "of the networks, px, a multiple of 4");
  f.field("channels", c.channels, range(1, 512), "of the first layer");
  f.field("variant", c.variant, one_of({"comparison", "original"}),
          "what the paper compared with, or the published method");
}

}  // namespace

void data_fields(Fields& f, DataConfig& c) {
  f.field("data", c.files, required("demonstration files"),
          "HDF5 files, comma separated; for pretrain and fit-dynamics also videos or magical");
  f.field("demos_per_task", c.demos_per_task, range(0, 1000000),
          "the first so many of each task train; 0: all");
  f.field("held_out_per_task", c.held_out_per_task, range(0, 1000000), "kept out of training");
}

void fields(Fields& f, perception::MintConfig& c) {
  f.field("keypoints", c.keypoints, range(1, 512), "K");
  f.field("height", c.height, range(16, 4096), "of the frames, px");
  f.field("width", c.width, range(16, 4096), "of the frames, px; below 100 the strides differ");
  f.field("train_gamma", c.train_gamma, above(0), "activation threshold in training");
  f.field("status_gradient_slope", c.status_gradient_slope, above(0),
          "of the sigmoid whose derivative the status has; 1000: the paper's");
  f.field("detect_gamma", c.detect_gamma, above(0), "activation threshold of the frozen detector");
}

void fields(Fields& f, perception::MintLossConfig& c) {
  f.field("frames", c.frames, range(2, 64), "SF, frames per sequence");
  f.field("sigma", c.sigma, above(0), "width of a Gaussian, px of the heatmap grid");
  f.field("tau", c.tau, range(0.001, 0.999), "heatmap threshold");
  f.field("eta", c.eta, above(0), "heatmap scale");
  f.field("kappa", c.kappa, range(0, 1), "share of the conditional entropy in the target");
  f.field("movement_weight", c.movement_weight, at_least(0), "inside the transport loss");
  f.field("beta", c.beta, at_least(0), "allowed sum of Gaussians at one pixel");
  f.field("masked_entropy_weight", c.masked_entropy_weight, at_least(0), "l_ME");
  f.field("masked_conditional_entropy_weight", c.masked_conditional_entropy_weight, at_least(0),
          "l_MCE");
  f.field("transport_weight", c.transport_weight, at_least(0), "l_IT");
  f.field("overlap_weight", c.overlap_weight, at_least(0), "l_o");
  f.field("status_weight", c.status_weight, at_least(0), "l_s");
  f.field("first_heatmap_area", c.first_heatmap_area,
          "true: the reference's area of a heatmap; false: the constant one");
}

void fields(Fields& f, perception::TransporterConfig& c) {
  baseline_fields(f, c);
  f.field("inverse_std", c.inverse_std, above(0), "of a Gaussian, 1 / half sides of the image");
}

void fields(Fields& f, perception::VideoStructureConfig& c) {
  baseline_fields(f, c);
  f.field("activity_threshold", c.activity_threshold, range(0, 1),
          "a keypoint of at least this intensity is active");
  f.field("self_normalised_intensity", c.self_normalised_intensity,
          "true: the released comparison's intensity, which calls all keypoints active");
}

void fields(Fields& f, TransporterPairs& c) {
  f.field("per_window", c.per_window, range(2, 1024), "T, frames per window and pairs of it");
  f.field("nearest", c.nearest, range(1, 100000), "original: frames from source to target");
  f.field("farthest", c.farthest, range(1, 100000), "original: the same, at most");
}

void fields(Fields& f, perception::DetectorConfig& c) {
  f.group("mint", c.mint);
  f.group("transporter", c.transporter);
  f.group("video_structure", c.video_structure);
}

void fields(Fields& f, TrainingVideos& c) {
  auto kinds = video_set_kinds();
  kinds.insert(kinds.begin(), "auto");
  f.field("kind", c.kind, one_of(kinds), "layout of the data; auto looks at it");
  f.field("train", c.train, range(0, 1000000), "videos that are learnt from; 0: all");
  f.field("frames", c.frames, range(0, 1000000),
          "per video, evenly spaced; 0: all (MIME 50, SIMITATE 100)");
  f.field("every", c.every, range(1, 100000), "keep every n-th frame");
  f.field("range", c.range, range(0, 1000000000), "[first, end) of each video's frames");
  f.field("seed", c.seed, range(0, 9007199254740992.0), "of rollouts");
}

void fields(Fields& f, PretrainConfig& c) {
  data_fields(f, c.data);
  f.field("tasks", c.data.tasks, any_text(), "those of them that the files hold; all when empty");
  f.group("videos", c.videos);
  f.field("output", c.output, any_text(), "new run directory; runs/pretrain, -2 ... when empty");
  f.field("detector", c.detector, one_of(perception::detector_names()), "what to train");
  fields(f, c.detectors);
  f.group("mint_loss", c.mint_loss);
  f.group("transporter_pairs", c.transporter_pairs);
  f.field("video_structure_frames", c.video_structure_frames, range(2, 1024),
          "T, frames per window of video_structure");
  f.field("batch", c.batch, range(1, 4096), "sequences per step");
  f.field("epochs", c.epochs, range(1, 100000), "passes over all windows of the data");
  f.field("steps", c.steps, range(0, 100000000), "stop after so many; 0: the epochs decide");
  f.field("learning_rate", c.learning_rate, above(0, kLargestLearningRate), "of Adam");
  f.field("cooldown", c.cooldown, range(0, 1),
          "share of the steps, at the end, in which the rate falls to 0 along a cosine");
  f.field("weight_decay", c.weight_decay, at_least(0), "L2, added to the gradient");
  f.field("gradient_clip", c.gradient_clip, at_least(0),
          "largest L2 norm of the gradient (of each part); 0: none");
  f.field(
      "recalibration_batches", c.recalibration_batches, range(0, 100000),
      "batches that the final batch-norm statistics are averaged over; 0: keep the running ones");
  f.field("pictures_every", c.pictures_every, range(0, 100000),
          "epochs between overlay pictures; 0: only at the end");
  f.field("checkpoint_every", c.checkpoint_every, range(0, 100000000),
          "steps between two checkpoints within an epoch; 0: only after each");
  f.field("threads", c.threads, range(1, 1024), "of the kernels; the results are the same");
  f.field("device", c.device, one_of({"auto", "cpu", "cuda"}),
          "of the entropy images; training itself is on the CPU");
  f.field("seed", c.seed, range(0, 9007199254740992.0), "root seed of the run");
}

FrameSize frame_size(const PretrainConfig& config) {
  const auto& detectors = config.detectors;
  const auto size = [](const auto& detector) { return FrameSize{detector.height, detector.width}; };
  if (config.detector == "transporter") return size(detectors.transporter);
  if (config.detector == "video_structure") return size(detectors.video_structure);
  return size(detectors.mint);
}

void set_frame_size(PretrainConfig& config, int64_t height, int64_t width) {
  const auto set = [&](auto& detector) {
    detector.height = height;
    detector.width = width;
  };
  set(config.detectors.mint);
  set(config.detectors.transporter);
  set(config.detectors.video_structure);
}

VideoSetConfig video_set(const PretrainConfig& config) {
  VideoSetConfig set;
  set.data = config.data.files;
  set.kind = config.videos.kind;
  if (!config.data.tasks.empty()) set.tasks = config.data.tasks;
  set.train = config.videos.train;
  set.frames = config.videos.frames;
  set.every = config.videos.every;
  set.range = config.videos.range;
  const FrameSize size = frame_size(config);
  set.height = size.height;
  set.width = size.width;
  set.seed = config.videos.seed;
  return set;
}

}  // namespace mint::training
