// The long half of the contract: 10,000 random steps of every task in every variant.
#include <gtest/gtest.h>

#include "tests/envs/task_contract.h"

namespace mint::tests {
namespace {

class TaskContractForLong : public testing::TestWithParam<TaskCase> {};

TEST_P(TaskContractForLong, StaysSoundUnderTenThousandRandomActions) {
  expect_sound_under_random_actions(GetParam(), /*seed=*/1, /*steps=*/10000);
}

INSTANTIATE_TEST_SUITE_P(AllTasks, TaskContractForLong, testing::ValuesIn(all_task_cases()),
                         name_of);

}  // namespace
}  // namespace mint::tests
