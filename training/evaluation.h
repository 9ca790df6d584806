// Scores of an agent: variants x episodes, on named seeds, into the run directory.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "training/job_progress.h"
#include "training/rollout.h"
#include "training/score_table.h"

namespace mint::training {

struct EvaluationConfig {
  std::string run;                    // directory of a run of `mint clone`
  std::vector<std::string> variants;  // of the run's task; "all" stands for every one of them
  int episodes = 25;                  // per variant
  uint64_t seed = 0;                  // root seed of the episodes
  int videos = 1;                     // best and worst episodes filmed, each
  // Of a policy with a plan variable: "chosen", "none", a plan's number, or "all": a plan an
  // episode, in turn.
  std::string plan = "chosen";
  int environments = 0;  // episodes rolled out at once; 0: all. The scores are the same
};

struct VariantEvaluation {
  ScoreRow row;
  std::vector<RolloutEpisode> episodes;
  std::vector<std::string> videos;  // files, best episodes first
};

// The episodes' seeds depend on `seed`, task and variant alone: every agent meets the same ones.
// Writes evaluation.csv, evaluation.json and videos/ into the run. The same run and seed give the
// same bytes (videos apart), in whatever folder: run_id comes from the weights. Throws ConfigError
// for a variant that the task has not, std::runtime_error for a run that is damaged or cannot be
// written, Interrupted (nothing is written then) when a signal asks to stop during a rollout.
std::vector<VariantEvaluation> evaluate_run(const EvaluationConfig& config,
                                            const OnProgress& on_progress);

// Steps that evaluate_run reports in its phase "evaluate".
int64_t evaluation_steps(const std::string& task, size_t variants);

}  // namespace mint::training
