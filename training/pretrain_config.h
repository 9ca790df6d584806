// Settings of `mint pretrain`; the defaults are the published ones for MAGICAL.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "perception/detector_registry.h"
#include "perception/mint_loss_config.h"
#include "training/config.h"
#include "training/episode_selection.h"
#include "training/video_set.h"

namespace mint::training {

// Which videos, and which of their frames, where `data` is no demonstration file.
struct TrainingVideos {
  std::string kind = "auto";   // or one of video_set_kinds()
  int64_t train = 20;          // videos that are learnt from; 0: all
  int64_t frames = 0;          // per video, evenly spaced; 0: all (MIME 50, SIMITATE 100)
  int64_t every = 1;           // every n-th frame
  uint64_t seed = 0;           // of rollouts
  std::vector<int64_t> range;  // [first, end) of each video's frames; empty: all
};

// Which frames Transporter turns into which (spec keypoint_baselines 2.5, 2.6).
struct TransporterPairs {
  int64_t per_window = 8;  // T: neighbouring frames, each with its predecessor
  int64_t nearest = 5;     // variant original: frames between source and target, drawn
  int64_t farthest = 20;   // between these two
};

struct PretrainConfig {
  DataConfig data;
  TrainingVideos videos;
  std::string output;  // new run directory; runs/pretrain, -2, -3 … when empty
  std::string detector = "mint";
  perception::DetectorConfig detectors;
  perception::MintLossConfig mint_loss;
  TransporterPairs transporter_pairs;
  int64_t video_structure_frames = 16;  // T, of a window

  int64_t batch = 16;   // sequences per step
  int64_t epochs = 20;  // passes over all windows
  int64_t steps = 0;    // stop after so many, whatever the epochs; 0: the epochs decide
  double learning_rate = 1e-3;
  double cooldown = 0;  // share of the steps, at the end, in which it falls to 0 along a cosine
  double weight_decay = 1e-4;  // L2, added to the gradient
  double gradient_clip = 10;   // global L2 norm, of each group of the objective; 0: none
  int64_t recalibration_batches = 25;
  int64_t pictures_every = 1;      // epochs; 0: only at the end
  int64_t checkpoint_every = 500;  // steps; also after every epoch. Decides no result
  int64_t threads = 1;             // of the kernels; decides no result
  std::string device = "auto";     // of the entropy images: auto, cpu, cuda; decides no result
  uint64_t seed = 0;
};

void fields(Fields& f, PretrainConfig& c);
void fields(Fields& f, TrainingVideos& c);
void fields(Fields& f, perception::DetectorConfig& c);
void fields(Fields& f, perception::MintConfig& c);
void fields(Fields& f, perception::MintLossConfig& c);
void fields(Fields& f, perception::TransporterConfig& c);
void fields(Fields& f, perception::VideoStructureConfig& c);
void fields(Fields& f, TransporterPairs& c);

// Keys of the data selection, at the top level of a configuration: data, demos_per_task, … Without
// `tasks`, which a configuration for one task replaces by its own key.
void data_fields(Fields& f, DataConfig& c);

// Of the frames that config.detector takes, px.
struct FrameSize {
  int64_t height = 0;
  int64_t width = 0;
};
FrameSize frame_size(const PretrainConfig& config);
void set_frame_size(PretrainConfig& config, int64_t height, int64_t width);  // of all detectors

// The videos that a configuration means, at the size of its detector.
VideoSetConfig video_set(const PretrainConfig& config);

}  // namespace mint::training
