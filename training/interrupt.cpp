#include "training/interrupt.h"

#include <signal.h>

#include <atomic>

namespace mint::training {
namespace {

// A signal handler can reach nothing but globals.
std::atomic<int> received_signal{0};
std::atomic<int> guards{0};
struct sigaction former_interrupt;
struct sigaction former_terminate;

static_assert(std::atomic<int>::is_always_lock_free, "the handler must not take a lock");

void remember_signal(int signal_number) {
  received_signal = signal_number;
}

}  // namespace

bool is_interrupted() {
  return received_signal != 0;
}

int interrupt_exit_code() {
  return received_signal == 0 ? 0 : 128 + received_signal;
}

InterruptGuard::InterruptGuard() {
  if (guards++ > 0) return;
  received_signal = 0;
  struct sigaction action = {};
  action.sa_handler = remember_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);  // the second one kills
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &former_interrupt);
  sigaction(SIGTERM, &action, &former_terminate);
}

InterruptGuard::~InterruptGuard() {
  if (--guards > 0) return;
  sigaction(SIGINT, &former_interrupt, nullptr);
  sigaction(SIGTERM, &former_terminate, nullptr);
  received_signal = 0;
}

}  // namespace mint::training
