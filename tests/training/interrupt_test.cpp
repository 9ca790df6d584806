#include "training/interrupt.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mint::training {
namespace {

TEST(Interrupt, TheFirstSignalSetsTheFlagAndTheExitCode) {
  const InterruptGuard guard;
  EXPECT_FALSE(is_interrupted());
  EXPECT_EQ(interrupt_exit_code(), 0);

  raise(SIGTERM);

  EXPECT_TRUE(is_interrupted());
  EXPECT_EQ(interrupt_exit_code(), 143);
}

TEST(Interrupt, TheFlagIsClearedWithTheOutermostGuard) {
  {
    const InterruptGuard outer;
    {
      const InterruptGuard inner;
      raise(SIGINT);
    }
    EXPECT_EQ(interrupt_exit_code(), 130);
  }

  EXPECT_FALSE(is_interrupted());
}

TEST(Interrupt, TheExceptionKeepsTheExitCodeWithoutTheGuard) {
  const auto stop = [] {
    const InterruptGuard guard;
    raise(SIGINT);
    return Interrupted();
  }();

  EXPECT_EQ(stop.exit_code(), 130);
}

TEST(Interrupt, TheSecondSignalKills) {
  const pid_t pid = fork();
  if (pid == 0) {
    const InterruptGuard guard;
    raise(SIGINT);
    raise(SIGINT);
    _exit(0);
  }
  int status = 0;
  waitpid(pid, &status, 0);

  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGINT);
}

}  // namespace
}  // namespace mint::training
