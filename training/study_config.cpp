#include "training/study_config.h"

#include <algorithm>

#include "training/learning_rate.h"

namespace mint::training {
namespace {

void budget_fields(Fields& f, PretrainConfig& c) {
  f.field("batch", c.batch, range(1, 4096), "windows per step");
  f.field("epochs", c.epochs, range(1, 100000), "passes over all windows of the data");
  f.field("steps", c.steps, range(0, 100000000), "stop after so many; 0: the epochs decide");
  f.field("learning_rate", c.learning_rate, above(0, kLargestLearningRate), "of Adam");
  f.field("cooldown", c.cooldown, range(0, 1), "share of the steps in which it falls to 0");
  f.field("weight_decay", c.weight_decay, at_least(0), "L2, added to the gradient");
  f.field("gradient_clip", c.gradient_clip, at_least(0), "L2 norm, of each part; 0: none");
}

const std::vector<std::string> kSizeKeys = {"height", "width"};  // the study's, of all networks

StudyRow row(const std::string& name, const StudyConfig& config, PretrainConfig pretrain) {
  pretrain.data.files = config.data;
  pretrain.data.tasks = config.tasks;
  pretrain.videos.kind = config.kind;
  pretrain.videos.train = config.train_videos;
  pretrain.videos.frames = config.frames;
  pretrain.videos.seed = config.seed;
  pretrain.pictures_every = 0;
  set_frame_size(pretrain, config.height, config.width);
  return {name, pretrain};
}

std::vector<StudyRow> detection_rows(const StudyConfig& c) {
  return {row("MINT", c, c.mint.pretrain), row("Transporter", c, c.transporter.pretrain),
          row("Video Structure", c, c.video_structure.pretrain)};
}

// IM: masked entropy and masked conditional entropy; IT: transport; S: status; O: overlap.
std::vector<StudyRow> ablation_rows(const StudyConfig& c) {
  PretrainConfig all = c.mint.pretrain, no_overlap = all;
  no_overlap.mint_loss.overlap_weight = 0;
  PretrainConfig no_status = no_overlap;
  no_status.mint_loss.status_weight = 0;
  PretrainConfig no_transport = no_status;
  no_transport.mint_loss.transport_weight = 0;
  return {row("IM", c, no_transport), row("IM + IT", c, no_status),
          row("IM + IT + S", c, no_overlap), row("IM + IT + S + O", c, all)};
}

}  // namespace

StudyConfig::StudyConfig() {
  mint.pretrain.detector = "mint";
  transporter.pretrain.detector = "transporter";
  video_structure.pretrain.detector = "video_structure";
}

void fields(Fields& f, MintRecipe& c) {
  budget_fields(f, c.pretrain);
  f.group("network", c.pretrain.detectors.mint, kSizeKeys);
  f.group("loss", c.pretrain.mint_loss);
}

void fields(Fields& f, TransporterRecipe& c) {
  budget_fields(f, c.pretrain);
  f.group("network", c.pretrain.detectors.transporter, kSizeKeys);
  f.group("pairs", c.pretrain.transporter_pairs);
}

void fields(Fields& f, VideoStructureRecipe& c) {
  budget_fields(f, c.pretrain);
  f.group("network", c.pretrain.detectors.video_structure, kSizeKeys);
  f.field("frames", c.pretrain.video_structure_frames, range(2, 1024), "T, of a window");
}

void fields(Fields& f, DynamicsRecipe& c) {
  // Table 2 predicts without actions, and K is the detector's.
  f.group("predictor", c.fit.predictor, {"keypoints", "actions"});
  fitting_fields(f, c.fit);
  f.field("one_detector", c.is_one_detector, "the first seed's for all seeds, as in the paper");
}

void fields(Fields& f, StudyConfig& c) {
  f.field("data", c.data, required("a folder of videos with masks, or magical"),
          "CLEVRER's layout (mint make-collisions writes it), or magical: expert rollouts");
  auto kinds = video_set_kinds();
  kinds.insert(kinds.begin(), "auto");
  f.field("kind", c.kind, one_of(kinds), "layout of the data; auto looks at it");
  f.field("tasks", c.tasks, required("at least one task"), "of magical");
  f.field("train_videos", c.train_videos, range(1, 1000000), "that are learnt from");
  f.field("test_videos", c.test_videos, range(1, 1000000), "others, that are scored");
  f.field("frames", c.frames, range(0, 1000000), "per video, evenly spaced; 0: all");
  f.field("height", c.height, range(16, 4096), "of the frames and all networks, px");
  f.field("width", c.width, range(16, 4096), "of the frames and all networks, px");
  f.field("keypoint_area", c.keypoint_area, at_least(0),
          "A_k of the densities, px; 0: the mean area of an object in the tests");
  f.field("seeds", c.seeds, range(1, 1000), "training seeds");
  f.field("seed", c.seed, range(0, 9007199254740992.0), "the first of them");
  f.field("methods", c.methods, any_text(), "only these rows; all when empty");
  f.field("jobs", c.jobs, range(1, 1024), "cells at once, one thread each");
  f.field("shard", c.shard, any_text(), "i/n: only every n-th cell, from the i-th (0/n first)");
  f.field("cells", c.cells, required("a folder"), "finished cells, shared by all studies");
  f.field("output", c.output, any_text(), "table and report; runs/study-<name>, -2 ... when empty");
  f.group("mint", c.mint);
  f.group("transporter", c.transporter);
  f.group("video_structure", c.video_structure);
  f.group("dynamics", c.dynamics);
}

std::vector<std::string> study_names() {
  return {"detection", "ablation", "dynamics"};
}

std::vector<StudyRow> study_rows(const std::string& study, const StudyConfig& config) {
  std::vector<StudyRow> all;
  if (study == "detection" || study == "dynamics") {
    all = detection_rows(config);
  } else if (study == "ablation") {
    all = ablation_rows(config);
  } else {
    throw ConfigError("study: expected detection, ablation or dynamics, got \"" + study + "\"");
  }
  if (config.methods.empty()) return all;
  std::vector<StudyRow> chosen;
  for (const std::string& name : config.methods) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const StudyRow& r) { return r.name == name; });
    if (found == all.end()) {
      std::string known;
      for (const StudyRow& r : all) known += (known.empty() ? "" : ", ") + r.name;
      throw ConfigError("methods: expected some of " + known + ", got \"" + name + "\"");
    }
    chosen.push_back(*found);
  }
  return chosen;
}

}  // namespace mint::training
