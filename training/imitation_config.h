// What `mint study imitation` computes (Table 3): tasks x methods x seeds. A preset is a committed
// file, configs/study_imitation_<preset>.yaml.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "training/clone_config.h"
#include "training/pretrain_config.h"

namespace mint::training {

// How one method is trained; task, data, detector, seed and output come from the study.
struct CloneRecipe {
  CloneConfig clone;
  std::vector<int64_t> steps_of_task;  // in the order of the study's tasks; clone.steps when empty
  // Whose policies have a plan for each demonstration (plan.plans: -1), the others none; all when
  // empty. A plan pays where demonstrations reach the goal in different ways, and else it makes a
  // policy repeat one of them in place of looking.
  std::vector<std::string> planned_tasks;
};

struct ImitationConfig {
  // "human": the files of `data`, imported with mint import-magical. "expert": `demos` of each task
  // are recorded by the scripted expert, in Demo, under the study's cells.
  std::string demonstrations = "expert";
  std::vector<std::string> data;
  std::string detector;  // run of mint pretrain; empty: one is trained on the same demonstrations
  std::vector<std::string> tasks = {"MoveToRegion", "MoveToCorner", "MakeLine"};
  // Of agents::policy_names(), and "dagger": the policy dagger.policy names, with the scripted
  // expert as an oracle (training/dagger.h), which is an upper reference and no competitor.
  std::vector<std::string> methods = {"interaction", "attention"};
  std::vector<std::string> variants = {"Demo", "TestJitter"};  // or "all"
  int64_t demos = 24;                                          // of each task that train
  int64_t detector_demos = 0;  // of each task that train a detector; 0: as many as train
  int64_t held_out = 1;        // of each task
  int64_t episodes = 25;       // per variant; the same seeds for every method
  uint64_t evaluation_seed = 0;
  bool all_plans = false;  // policies with plans: also no plan, and every plan in turn, in Demo
  int64_t videos = 1;      // best and worst episodes filmed, each

  int64_t seeds = 5;  // training seeds seed, seed + 1, ...
  uint64_t seed = 0;
  int64_t jobs = 1;
  std::string shard = "0/1";
  std::string cells = "runs/cells";
  std::string output;

  PretrainConfig pretrain;  // of the detector where none is given
  CloneRecipe interaction, attention, cnn, mlp, dagger;

  ImitationConfig();
};

void fields(Fields& f, ImitationConfig& c);
void fields(Fields& f, CloneRecipe& c);

std::vector<std::string> method_names();

// Throws std::out_of_range for a method that there is not.
const CloneRecipe& recipe_of(const ImitationConfig& config, const std::string& method);

}  // namespace mint::training
