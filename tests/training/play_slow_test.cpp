// Every task in every variant, played by its expert through the program.
#include <stdlib.h>

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "envs/task.h"
#include "tests/support/program.h"

namespace mint::training {
namespace {

class PlayByExpert : public testing::TestWithParam<std::string> {};

TEST_P(PlayByExpert, ScoresThreeEpisodesOfEveryVariant) {
  MINT_NEEDS_PROGRAM();
  for (const std::string& variant : envs::find_task(GetParam()).variants) {
    const tests::ProgramResult result =
        tests::run_mint({"play", GetParam(), "--variant", variant, "--by", "expert", "--episodes",
                         "3", "--headless"});

    EXPECT_EQ(result.exit_code, 0) << variant << ": " << result.err;
    EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 4) << result.out;
    EXPECT_NE(result.out.find("-" + variant + ": mean score "), std::string::npos) << result.out;
  }
}

std::vector<std::string> task_names() {
  std::vector<std::string> names;
  for (const envs::TaskSpec& task : envs::tasks()) names.push_back(task.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(AllTasks, PlayByExpert, testing::ValuesIn(task_names()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace mint::training
