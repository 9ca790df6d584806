#include "training/job_progress.h"

#include <chrono>
#include <exception>
#include <future>
#include <memory>
#include <mutex>
#include <optional>

#include "training/progress.h"

namespace mint::training {

OnProgress show_progress() {
  struct Shown {
    std::string phase;
    std::optional<Progress> bar;
  };
  return [shown = std::make_shared<Shown>()](const JobProgress& progress) {
    if (!shown->bar || shown->phase != progress.phase) {
      shown->phase = progress.phase;
      shown->bar.emplace(progress.phase, progress.total, progress.unit);
    }
    shown->bar->update(progress.done, progress.note);
    if (progress.done == progress.total) shown->bar->finish(progress.note);
  };
}

void run_jobs(const std::string& label, const std::string& unit, const std::vector<Job>& jobs) {
  std::mutex mutex;
  std::vector<JobProgress> states(jobs.size());
  std::vector<std::future<void>> futures;
  int64_t total = 0;
  for (size_t i = 0; i < jobs.size(); ++i) {
    total += jobs[i].total;
    futures.push_back(std::async(std::launch::async, [&, i] {
      jobs[i].run([&, i](const JobProgress& progress) {
        const std::lock_guard<std::mutex> lock(mutex);
        states[i] = progress;
      });
    }));
  }
  Progress bar(label, total, unit);
  bool are_done = false;
  while (!are_done) {
    are_done = true;
    for (auto& future : futures) {
      are_done &= future.wait_for(std::chrono::milliseconds(50)) == std::future_status::ready;
    }
    const std::lock_guard<std::mutex> lock(mutex);
    int64_t done = 0;
    std::string note;
    for (size_t i = 0; i < jobs.size(); ++i) {
      const bool counts = states[i].phase == jobs[i].phase;
      if (counts) done += states[i].done;
      const std::string& word = counts ? states[i].note : states[i].phase;
      note += (note.empty() || word.empty() ? "" : ", ") + word;
    }
    bar.update(done, note);
  }
  std::exception_ptr first;
  for (auto& future : futures) {
    try {
      future.get();
    } catch (...) {
      if (!first) first = std::current_exception();
    }
  }
  if (first) std::rethrow_exception(first);
  bar.finish();
}

}  // namespace mint::training
