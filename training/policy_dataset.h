// Demonstrations as training data of a policy: what it sees of every frame, computed once, and the
// expert's actions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <torch/types.h>

#include "agents/policy.h"
#include "perception/keypoints.h"
#include "training/demonstrations.h"

namespace mint::training {

struct PolicyDataset {
  // Of all F frames, copy after copy: [V F, K, 2] and [V F, K]. The first copy is as recorded, the
  // others as the detector sees the frames moved (training/frame_copies.h). For keypoint policies.
  perception::Keypoints keypoints;
  std::vector<bool> mirrored = {false};  // V: whether left and right are swapped in a copy
  torch::Tensor images;                  // uint8 [F, 3, H, W], for policies that read pixels

  torch::Tensor windows;  // int64 [S, T]: the frames seen at each decision, oldest first
  torch::Tensor next;     // int64 [S, C]: the frame after each of the next C actions
  torch::Tensor actions;  // int64 [S, C]; -1 beyond the end of the episode, or see below
  torch::Tensor plan;     // int64 [S]: see plan_of_each; -1 of rollouts
  torch::Tensor weight;   // float [S]

  std::vector<int64_t> completion;  // of each plan: mean steps before the wait at the end

  int64_t size() const { return plan.numel(); }                             // S
  int64_t frames() const;                                                   // F
  int64_t copies() const { return static_cast<int64_t>(mirrored.size()); }  // V
  int64_t plans() const { return static_cast<int64_t>(completion.size()); }
};

// How demonstrations become decisions.
struct DecisionConfig {
  int64_t history = 4;  // T
  int64_t chunk = 1;    // C
  // Episodes have a fixed length, so demonstrators wait at the end: of an episode's last run of one
  // repeated action the first `idle_tail` steps count as any other (0: all), the others with
  // `idle_weight` (0: they are left out), or else a policy learns above all to stand still. At the
  // end of a rollout labelled by an expert only a run of the idle action 0 is such a wait.
  int64_t idle_tail = 0;
  double idle_weight = 0;
};

// The plan, 0 .. P-1 in order of appearance, that each demonstration with these sources
// (training/demonstrations.h) follows: one of its own, but all that were multiplied out of one
// demonstration share one.
std::vector<int64_t> plan_of_each(const std::vector<std::string>& sources);

// Decisions alone, without keypoints or images; the frames of `episodes` are not looked at. Their
// numbers count all episodes' frames, one episode after the other. At the start of an episode its
// first frame fills the window.
//
// Of the episodes the last `rollouts` are no demonstrations but a policy's, labelled by an expert
// (training/dagger.h): they follow no plan, and the actions of a sample end (-1) after the first
// that was not executed as labelled, because those that follow answer to something else. All their
// decisions count fully, but for a wait at the end as DecisionConfig says.
PolicyDataset make_policy_dataset(const std::vector<Episode>& episodes,
                                  const DecisionConfig& config, size_t rollouts = 0);

// The samples with these indices, in this order, each from one copy of the frames; without `copies`
// from the first.
agents::Sample gather_samples(const PolicyDataset& dataset, const std::vector<int64_t>& indices,
                              const std::vector<int64_t>& copies = {});

// The action that does the same in the mirror: left and right swapped.
int mirrored_action(int action);

}  // namespace mint::training
