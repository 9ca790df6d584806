// A fixed number of threads that share the items of one loop at a time.
#pragma once

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace mint::envs {

// One caller at a time. Neither copied nor moved: its threads refer to it.
class ThreadPool {
 public:
  // `threads` counts the caller's own, so 1 starts none. Throws std::invalid_argument below 1.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  // Calls work(0), ..., work(count - 1), each once, in any order and on any of the threads, and
  // returns when all are done. Allocates nothing. When items throw, the others are done
  // nevertheless; then the exception of the smallest index is thrown again here.
  template <typename Work>
  void for_each(int count, const Work& work) {
    run({count, &work, [](const void* w, int i) { (*static_cast<const Work*>(w))(i); }});
  }

 private:
  struct Job {
    int count = 0;
    const void* work = nullptr;
    void (*call)(const void* work, int index) = nullptr;
  };

  void run(const Job& job);
  void take_items();     // of job_, until none is left
  void serve();          // a worker's life
  void stop() noexcept;  // ends and joins the workers

  std::vector<std::thread> workers_;
  std::atomic<int> next_{0};  // the first item of job_ that nobody has taken

  std::mutex mutex_;  // guards all below; job_ does not change while anyone is busy
  std::condition_variable wake_;
  std::condition_variable idle_;
  Job job_;
  unsigned job_number_ = 0;
  int busy_ = 0;  // workers that take items
  bool is_stopping_ = false;
  int error_index_ = 0;
  std::exception_ptr error_;
};

}  // namespace mint::envs
