// SIGKILL at random moments: three per test, or as many as the environment variable MINT_KILLS
// says, for a night or a busy machine: MINT_KILLS=300 training_kill_test --gtest_filter='Kill*'
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>

#include "envs/random.h"
#include "tests/support/small_episode.h"
#include "tests/support/temporary_folder.h"
#include "training/demonstration_output.h"
#include "training/demonstrations.h"

namespace mint::training {
namespace {

using tests::small_episode;

uint64_t kills() {
  const char* wanted = std::getenv("MINT_KILLS");
  return wanted ? std::strtoull(wanted, nullptr, 10) : 3;
}

// Runs `child` in a process of its own until it has reported once and `delay_us` have passed, then
// kills it. Returns how often it reported.
size_t reports_until_killed(useconds_t delay_us,
                            const std::function<void(const std::function<void()>&)>& child) {
  int reports[2];
  if (pipe(reports) != 0) throw std::runtime_error("pipe");
  const pid_t process = fork();
  if (process == 0) {
    child([&] {
      if (write(reports[1], "x", 1) != 1) _exit(1);
    });
    _exit(0);
  }
  ::close(reports[1]);
  char byte;
  size_t count = read(reports[0], &byte, 1) == 1 ? 1 : 0;
  usleep(delay_us);
  kill(process, SIGKILL);
  waitpid(process, nullptr, 0);
  while (read(reports[0], &byte, 1) == 1) ++count;
  ::close(reports[0]);
  return count;
}

TEST(KillDemonstrations, EveryEpisodeThatWasAddedIsThere) {
  size_t unreported = 0;
  for (uint64_t i = 0; i < kills(); ++i) {
    const tests::TemporaryFolder folder;
    const std::string file = folder.path() / "demos.h5";
    const auto delay_us = static_cast<useconds_t>(envs::Random(i).below(12000));

    const size_t added = reports_until_killed(delay_us, [&](const std::function<void()>& report) {
      DemonstrationWriter writer(file);
      for (uint64_t seed = 0;; ++seed) {
        writer.add(small_episode(seed));
        report();
      }
    });

    const auto episodes = load_demonstrations(file);
    ASSERT_GE(added, 1u);
    ASSERT_GE(episodes.size(), added);
    ASSERT_LE(episodes.size(), added + 1);
    tests::expect_small_episodes(episodes);
    ASSERT_EQ(list_demonstrations(file).size(), episodes.size());
    unreported += episodes.size() - added;
  }
  std::printf("%llu kills, %zu of them between an episode's commit and its report\n",
              static_cast<unsigned long long>(kills()), unreported);
}

// One file after the other, of two episodes each: closing and renaming are met more often.
TEST(KillDemonstrations, AnOutputIsWholeUnderItsNameOrPartialWithWhatWasAdded) {
  for (uint64_t i = 0; i < kills(); ++i) {
    const tests::TemporaryFolder folder;
    const auto file_of = [&](size_t number) {
      return (folder.path() / (std::to_string(number) + ".h5")).string();
    };
    const auto delay_us = static_cast<useconds_t>(envs::Random(1000000 + i).below(12000));

    const size_t added = reports_until_killed(delay_us, [&](const std::function<void()>& report) {
      for (size_t number = 0;; ++number) {
        DemonstrationOutput output(file_of(number));
        for (uint64_t seed = 0; seed < 2; ++seed) {
          output.add(small_episode(seed));
          report();
        }
        output.finish();
      }
    });

    for (size_t number = 0; 2 * number < added; ++number) {
      const bool is_finished = std::filesystem::exists(file_of(number));
      const std::string file = file_of(number) + (is_finished ? "" : ".partial");
      const auto episodes = load_demonstrations(file);
      ASSERT_GE(episodes.size(), is_finished ? 2u : std::min<size_t>(2, added - 2 * number));
      tests::expect_small_episodes(episodes);
      if (is_finished) {
        ASSERT_TRUE(check_demonstrations(file).is_closed) << file;
      }
    }
  }
}

}  // namespace
}  // namespace mint::training
