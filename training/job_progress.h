// How long jobs tell where they are, and how one or several of them are shown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace mint::training {

struct JobProgress {
  std::string phase;  // "entropy images", "pretrain"
  std::string unit;   // what is counted: "frames", "steps"
  int64_t done = 0;
  int64_t total = 0;
  std::string note;  // a few words: "loss 31.2"
};
using OnProgress = std::function<void(const JobProgress&)>;

// Shows one job on stderr: a progress bar per phase. Copies share the bar.
OnProgress show_progress();

struct Job {
  std::string phase;  // the phase that counts; the others show as a note
  int64_t total = 0;  // its units
  std::function<void(const OnProgress&)> run;
};

// Runs the jobs, each on a thread of its own, `at_once` at a time (0: all), under one bar that
// counts the units of all. Waits for all of them; rethrows the first job's exception, in the order
// given.
void run_jobs(const std::string& label, const std::string& unit, const std::vector<Job>& jobs,
              size_t at_once = 0);

}  // namespace mint::training
