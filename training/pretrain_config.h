// Settings of `mint pretrain`; the defaults are the published ones for MAGICAL.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "perception/detector_registry.h"
#include "perception/mint_loss_config.h"
#include "training/config.h"
#include "training/episode_selection.h"

namespace mint::training {

struct PretrainConfig {
  DataConfig data;
  std::string output;  // new run directory; runs/pretrain, -2, -3 … when empty
  std::string detector = "mint";
  perception::DetectorConfig detectors;
  perception::MintLossConfig mint_loss;

  int64_t batch = 16;   // sequences per step
  int64_t epochs = 20;  // passes over all windows
  double learning_rate = 1e-3;
  double weight_decay = 1e-4;  // L2, added to the gradient
  double gradient_clip = 10;   // global L2 norm
  int64_t recalibration_batches = 25;
  int64_t pictures_every = 1;  // epochs; 0: only at the end
  uint64_t seed = 0;
};

void fields(Fields& f, PretrainConfig& c);
void fields(Fields& f, perception::MintConfig& c);
void fields(Fields& f, perception::MintLossConfig& c);

// Keys of the data selection, at the top level of a configuration: data, demos_per_task, … Without
// `tasks`, which a configuration for one task replaces by its own key.
void data_fields(Fields& f, DataConfig& c);

}  // namespace mint::training
