// Scores per variant in the columns of MAGICAL's own result files.
#pragma once

#include <string>
#include <vector>

#include "training/statistics.h"

namespace mint::training {

struct ScoreRow {
  std::string demo_env;  // what was trained on: "MoveToCorner-Demo-v0"
  std::string test_env;  // what was scored: "MoveToCorner-TestJitter-v0"
  double mean_score = 0;
  double ci95_lower = 0;
  double ci95_upper = 0;
  double std_score = 0;  // sample standard deviation
  std::string run_id;
};

ScoreRow make_score_row(const std::string& demo_env, const std::string& test_env,
                        const std::vector<double>& scores, const std::string& run_id);

// Header and rows, numbers in the shortest form that reads back exactly; fields that need it are
// quoted as RFC 4180 says.
std::string score_csv(const std::vector<ScoreRow>& rows);
std::string score_json(const std::vector<ScoreRow>& rows);  // an array of objects, same names

// For people, two decimals, columns aligned.
std::string score_text(const std::vector<ScoreRow>& rows);

}  // namespace mint::training
