// What `mint quickstart` leaves for a person: one page with scores, rollouts, keypoints, curves.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "training/coverage.h"
#include "training/evaluation.h"

namespace mint::training {

struct QuickstartResults {
  std::filesystem::path folder;    // of the quickstart
  std::filesystem::path detector;  // run of the detector
  std::vector<Coverage> coverage;  // a row a task
  struct Task {
    std::string name;
    std::filesystem::path run;  // of its policy
    std::vector<VariantEvaluation> variants;
  };
  std::vector<Task> tasks;
  std::vector<std::pair<std::string, double>> seconds;  // of each stage
  std::string config;                                   // YAML
};

std::vector<ScoreRow> score_rows(const QuickstartResults& results);

// The page, from the results and the metrics, pictures and videos in the run directories.
std::string quickstart_report(const QuickstartResults& results);

}  // namespace mint::training
