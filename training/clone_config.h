// Settings of `mint clone`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agents/policy_config.h"
#include "training/config.h"
#include "training/episode_selection.h"
#include "training/frame_copies.h"

namespace mint::training {

// How algorithm "dagger" asks the expert (training/dagger.h).
struct DaggerConfig {
  int64_t rounds = 5;
  int64_t episodes = 10;  // rolled out in each
  // In round r = 1, 2, ... a decision is the expert's with probability mixing^r (the schedule of
  // Ross et al. 2011), drawn for every decision, else the policy's.
  double mixing = 0.5;
  double noise = 0.1;  // probability that a step then executes another action, as in recordings
};

struct CloneConfig {
  DataConfig data;
  std::string task;      // "MoveToCorner"
  std::string detector;  // run directory of `mint pretrain`
  std::string output;    // new run directory; runs/clone-<task>, -2, -3 … when empty
  agents::PolicyConfig policy;

  std::string algorithm = "clone";  // or "dagger": the expert labels what the policy runs into
  DaggerConfig dagger;
  CopiesConfig copies;
  double detect_gamma = 0;  // activation threshold of the detector; 0: the detector's own
  int64_t idle_tail = 10;   // decisions kept of the wait at the end of a demonstration; 0: all
  double idle_weight = 0;   // of the decisions beyond; 0: left out
  int64_t steps = 3000;
  int64_t batch = 32;
  std::string optimiser = "adam";  // "adam" (L2 added to the gradient) or "adamw"
  double learning_rate = 1e-3;     // at most
  double warmup = 0;               // share of the steps in which it rises from 0
  double cooldown = 1;             // in which it falls to 0 along a cosine; at most what is left
  double weight_decay = 1e-6;
  double gradient_clip = 10;  // global L2 norm
  double ema = 0;             // decay of the averaged weights, which are kept; 0: the last
  std::string plan_choice = "earliest";  // which plan is followed; see choose_plan
  int64_t rollout_every = 0;             // steps between two films of an episode in Demo; 0: none
  int64_t checkpoint_every = 500;        // steps; 0: only at the end. Decides no result
  uint64_t seed = 0;
};

std::vector<std::string> task_names();  // of all tasks that there are

void fields(Fields& f, CloneConfig& c);
void training_fields(Fields& f, CloneConfig& c);  // those of them that say how it is trained
void fields(Fields& f, CopiesConfig& c);
void fields(Fields& f, DaggerConfig& c);
void fields(Fields& f, agents::InteractionPolicyConfig& c);
void fields(Fields& f, agents::ActionHeadConfig& c);
void fields(Fields& f, agents::PlanConfig& c);
void fields(Fields& f, agents::KeypointNoiseConfig& c);
void fields(Fields& f, agents::AttentionPolicyConfig& c);
void fields(Fields& f, agents::MlpPolicyConfig& c);
void fields(Fields& f, agents::CnnPolicyConfig& c);

}  // namespace mint::training
