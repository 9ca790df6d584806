#include "training/score_table.h"

#include <gtest/gtest.h>

namespace mint::training {
namespace {

std::vector<ScoreRow> two_rows() {
  return {make_score_row("MoveToCorner-Demo-v0", "MoveToCorner-Demo-v0", {1, 1, 1}, "a,\"b\""),
          make_score_row("MoveToCorner-Demo-v0", "MoveToCorner-TestJitter-v0", {0.5, 0.25}, "run")};
}

TEST(ScoreTable, CsvHasTheColumnsOfMagical) {
  // Second row: mean 0.375, deviation 0.25 / sqrt(2), half width 12.7062047 * 0.125.
  const std::string csv = score_csv(two_rows());

  EXPECT_EQ(csv.substr(0, csv.find('\n')),
            "demo_env,test_env,mean_score,ci95_lower,ci95_upper,std_score,run_id");
  EXPECT_NE(csv.find("\nMoveToCorner-Demo-v0,MoveToCorner-Demo-v0,1,1,1,0,\"a,\"\"b\"\"\"\n"),
            std::string::npos);
  EXPECT_NE(csv.find(",0.375,-1.2132755"), std::string::npos);
  EXPECT_NE(csv.find(",0.1767766952966369,run\n"), std::string::npos);
}

TEST(ScoreTable, JsonHasTheSameNames) {
  EXPECT_EQ(score_json({two_rows()[0]}),
            "[\n  {\n    \"demo_env\": \"MoveToCorner-Demo-v0\",\n"
            "    \"test_env\": \"MoveToCorner-Demo-v0\",\n    \"mean_score\": 1.0,\n"
            "    \"ci95_lower\": 1.0,\n    \"ci95_upper\": 1.0,\n    \"std_score\": 0.0,\n"
            "    \"run_id\": \"a,\\\"b\\\"\"\n  }\n]\n");
}

TEST(ScoreTable, TextIsAlignedWithTwoDecimals) {
  EXPECT_EQ(
      score_text(two_rows()),
      "trained on            scored on                   mean  95 % interval  deviation  run\n"
      "MoveToCorner-Demo-v0  MoveToCorner-Demo-v0        1.00  [1.00, 1.00]   0.00       "
      "a,\"b\"\n"
      "MoveToCorner-Demo-v0  MoveToCorner-TestJitter-v0  0.38  [-1.21, 1.96]  0.18       "
      "run\n");
}

}  // namespace
}  // namespace mint::training
