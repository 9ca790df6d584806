// Detectors and agents as runs keep them.
//
// `mint pretrain` leaves a checkpoint whose weights are the detector's; `mint clone` one that holds
// the policy and, unless it reads pixels, the detector that it was
// trained on, under the prefixes "policy" and "detector",
// with both configurations.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "training/checkpoint.h"
#include "training/clone_config.h"
#include "training/pretrain_config.h"
#include "training/rollout.h"

namespace mint::training {

struct LoadedDetector {
  std::shared_ptr<perception::Detector> detector;
  std::string kind = "mint";
  perception::DetectorConfig config;
};

// The detector of a run of `mint pretrain` (or of one of its checkpoints). `gamma` replaces the
// activation threshold of detect() unless it is 0. Throws std::runtime_error.
LoadedDetector read_detector(const std::string& run, double gamma = 0);

// What a checkpoint's configuration is of: "detector", "policy" or "keypoint predictor".
std::string trained_thing(const std::string& config);

// A detector to look with, from a run of `mint pretrain`, `mint clone` or `mint fit-dynamics`.
std::shared_ptr<perception::Detector> load_detector(const std::string& run);

// What a checkpoint of an agent holds.
std::vector<ModelPart> agent_parts(const Agent& agent);

struct LoadedAgent {
  Agent agent;
  std::string task;  // that the policy was cloned for
  std::string id;    // task, policy and a checksum of the weights: "MakeLine-interaction-1f0c93ab"
};

// Throws std::runtime_error when the run is not one of `mint clone` or is damaged.
LoadedAgent load_agent(const std::string& run);

// What a clone's checkpoint says of itself: the configuration of the run and of its detector.
struct AgentConfig {
  CloneConfig clone;
  std::string detector = "mint";
  perception::DetectorConfig detectors;
};
void fields(Fields& f, AgentConfig& c);

}  // namespace mint::training
