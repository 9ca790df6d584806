#include "training/job_progress.h"

#include <algorithm>
#include <atomic>
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

void run_jobs(const std::string& label, const std::string& unit, const std::vector<Job>& jobs,
              size_t at_once) {
  std::mutex mutex;
  std::atomic<size_t> next{0};
  std::vector<std::exception_ptr> failures(jobs.size());
  std::vector<JobProgress> states(jobs.size());
  std::vector<int64_t> counted(jobs.size());  // units of the phases that count
  std::vector<bool> has_ended(jobs.size());
  std::vector<std::future<void>> futures;
  int64_t total = 0;
  for (const Job& job : jobs) total += job.total;
  const auto work = [&] {
    for (size_t i = next++; i < jobs.size(); i = next++) {
      try {
        jobs[i].run([&, i](const JobProgress& progress) {
          const std::lock_guard<std::mutex> lock(mutex);
          states[i] = progress;
          if (progress.phase == jobs[i].phase) counted[i] = progress.done;
        });
      } catch (...) {
        failures[i] = std::current_exception();
      }
      const std::lock_guard<std::mutex> lock(mutex);
      has_ended[i] = true;
    }
  };
  const size_t workers = at_once == 0 ? jobs.size() : std::min(at_once, jobs.size());
  for (size_t i = 0; i < workers; ++i) {
    futures.push_back(std::async(std::launch::async, work));
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
      done += counted[i];
      const std::string& word = has_ended[i] && jobs.size() > workers ? ""
                                : counts                              ? states[i].note
                                                                      : states[i].phase;
      note += (note.empty() || word.empty() ? "" : ", ") + word;
    }
    bar.update(done, note);
  }
  for (auto& future : futures) future.get();
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
  bar.finish();
}

}  // namespace mint::training
