// One cell of the imitation study: a policy of one method, task and seed, trained and scored. Cells
// are kept under the hash of everything that decides their result, as those of the other studies.
//
//   <cells>/<hash>/config.yaml  what was hashed: the configuration, the detector, the episodes
//   <cells>/<hash>/policy/      the run of `mint clone`, with the evaluation and its films
//   <cells>/<hash>/scores.json  written last: the cell is done
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "training/imitation_config.h"
#include "training/job_progress.h"

namespace mint::training {

struct ImitationScores {
  // Scores of all episodes by what was asked: a variant, and with config.all_plans
  // "Demo, no plan" and "Demo, every plan".
  std::map<std::string, std::vector<double>> scores;
  std::vector<std::string> films;  // files, the best and worst of each variant
  double training_s = 0;           // wall time, keypoints included
  double evaluation_s = 0;
  double samples_per_s = 0;  // decisions trained on
};

struct ImitationCell {
  std::string task;
  std::string method;
  uint64_t seed = 0;
  CloneConfig clone;
  std::string content;           // what decides the result
  std::filesystem::path folder;  // <cells>/<hash>
};

// The demonstrations and the detector that all cells learn from, made where they are not given.
// Throws ConfigError, before anything is made, as require_dagger() for a recipe of "dagger" that
// does not go together.
struct ImitationSource {
  std::vector<std::string> data;
  std::string detector;     // empty where no method needs one
  std::string fingerprint;  // of both
};
ImitationSource imitation_source(const ImitationConfig& config, const OnProgress& on_progress);

// Task by task, method by method, seed by seed.
std::vector<ImitationCell> imitation_cells(const ImitationConfig& config,
                                           const ImitationSource& source);

// How often the cell's training sees each decision of the demonstrations; for "dagger" without
// its rollouts.
double epochs_of(const ImitationCell& cell);

bool is_done(const ImitationCell& cell);

// Trains and scores unless the cell is done; its scores. Throws Interrupted when a signal asks to
// stop.
ImitationScores run_cell(const ImitationCell& cell, const ImitationConfig& config,
                         const OnProgress& on_progress);

ImitationScores read_scores(const ImitationCell& cell);

}  // namespace mint::training
