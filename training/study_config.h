// What `mint study detection`, `ablation` and `dynamics` compute: which videos, which detectors, at
// what budget, how many seeds. A preset is a committed file, configs/study_<data>_<preset>.yaml.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "training/dynamics_config.h"
#include "training/pretrain_config.h"

namespace mint::training {

// How one detector is trained in a study; the data, the size and the seed come from the study.
struct MintRecipe {
  PretrainConfig pretrain;
};
struct TransporterRecipe {
  PretrainConfig pretrain;
};
struct VideoStructureRecipe {
  PretrainConfig pretrain;
};

// How the keypoint predictors of a study are trained; detector, data and seed come from the study.
struct DynamicsRecipe {
  DynamicsConfig fit;
  bool is_one_detector = false;  // the first seed's for all seeds, as in the paper
};

struct StudyConfig {
  std::vector<std::string> data;  // folder of a data set with masks, or "magical"
  std::string kind = "auto";      // its layout, see training/video_set.h
  std::vector<std::string> tasks = {"MoveToRegion", "MoveToCorner", "MakeLine"};  // of magical
  int64_t train_videos = 20;
  int64_t test_videos = 100;
  int64_t frames = 0;  // per video, evenly spaced; 0: all
  int64_t height = 96, width = 96;
  double keypoint_area = 0;  // A_k of the densities, px; 0: the mean area of an object in the tests

  int64_t seeds = 3;  // training seeds seed, seed + 1, …
  uint64_t seed = 0;
  std::vector<std::string> methods;  // only these rows; all when empty

  int64_t jobs = 1;                  // cells at once, one thread each
  std::string shard = "0/1";         // i/n: only every n-th cell, from the i-th
  std::string cells = "runs/cells";  // where finished cells are kept, shared by all studies
  std::string output;  // table, report, pictures; runs/study-<name>, -2 … when empty

  MintRecipe mint;
  TransporterRecipe transporter;
  VideoStructureRecipe video_structure;
  DynamicsRecipe dynamics;  // of the study of that name

  StudyConfig();
};

void fields(Fields& f, StudyConfig& c);
void fields(Fields& f, MintRecipe& c);
void fields(Fields& f, TransporterRecipe& c);
void fields(Fields& f, VideoStructureRecipe& c);
void fields(Fields& f, DynamicsRecipe& c);

// One row of a table: a detector and how it is trained. Seed and output are still to be set.
struct StudyRow {
  std::string name;  // "MINT", "IM + IT"
  PretrainConfig pretrain;
};

// "detection": MINT, Transporter, Video Structure (Table 1). "dynamics": the same detectors, which
// keypoints are predicted of (Table 2). "ablation": the losses of MINT one
// after another (Table 6). MINT's row of the first is the last row of the second, the same cells.
std::vector<std::string> study_names();

// Throws ConfigError for another study and for methods that it does not have.
std::vector<StudyRow> study_rows(const std::string& study, const StudyConfig& config);

}  // namespace mint::training
