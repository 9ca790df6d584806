#include "perception/threads.h"

#include <atomic>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace mint::perception {
namespace {

using Task = std::function<void(int64_t, int64_t)>;

class WorkerPool {
 public:
  explicit WorkerPool(int64_t threads) {
    for (int64_t worker = 1; worker < threads; ++worker) {
      workers_.emplace_back([this, worker] { serve(worker); });
    }
  }

  ~WorkerPool() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    for (std::thread& worker : workers_) worker.join();
  }

  int64_t threads() const { return static_cast<int64_t>(workers_.size()) + 1; }

  void run(int64_t count, const Task& task) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      task_ = &task;
      count_ = count;
      next_ = 0;
      error_ = nullptr;
      busy_ = static_cast<int64_t>(workers_.size());
      ++round_;
    }
    wake_.notify_all();
    take_tasks(0);
    std::unique_lock<std::mutex> lock(mutex_);
    done_.wait(lock, [&] { return busy_ == 0; });
    if (error_) std::rethrow_exception(error_);
  }

 private:
  void serve(int64_t worker) {
    int64_t seen = 0;
    std::unique_lock<std::mutex> lock(mutex_);
    while (true) {
      wake_.wait(lock, [&] { return stop_ || round_ != seen; });
      if (stop_) return;
      seen = round_;
      lock.unlock();
      take_tasks(worker);
      lock.lock();
      if (--busy_ == 0) done_.notify_one();
    }
  }

  void take_tasks(int64_t worker) {
    try {
      for (int64_t i = next_++; i < count_; i = next_++) (*task_)(i, worker);
    } catch (...) {
      next_ = count_;
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!error_) error_ = std::current_exception();
    }
  }

  std::vector<std::thread> workers_;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  const Task* task_ = nullptr;
  int64_t count_ = 0;
  std::atomic<int64_t> next_{0};
  std::exception_ptr error_;
  int64_t busy_ = 0;   // workers that have not finished the round
  int64_t round_ = 0;  // number of calls of run
  bool stop_ = false;
};

struct SharedPool {
  std::mutex in_use;
  std::unique_ptr<WorkerPool> pool = std::make_unique<WorkerPool>(1);
};

SharedPool& shared_pool() {
  static SharedPool shared;
  return shared;
}

}  // namespace

void set_threads(int64_t count) {
  if (count < 1) {
    throw std::invalid_argument("set_threads: count: expected at least 1, got " +
                                std::to_string(count));
  }
  SharedPool& shared = shared_pool();
  const std::lock_guard<std::mutex> lock(shared.in_use);
  if (shared.pool->threads() != count) shared.pool = std::make_unique<WorkerPool>(count);
}

int64_t threads() {
  SharedPool& shared = shared_pool();
  const std::lock_guard<std::mutex> lock(shared.in_use);
  return shared.pool->threads();
}

void parallel_for(int64_t count, const Task& task) {
  thread_local bool holds_pool = false;  // a second try_lock by its owner would be undefined
  SharedPool& shared = shared_pool();
  std::unique_lock<std::mutex> lock(shared.in_use, std::defer_lock);
  const bool has_pool = !holds_pool && lock.try_lock();
  if (!has_pool || count < 2 || shared.pool->threads() == 1) {
    if (lock.owns_lock()) lock.unlock();
    for (int64_t i = 0; i < count; ++i) task(i, 0);
    return;
  }
  struct Holding {
    bool& flag;
    explicit Holding(bool& holds) : flag(holds) { flag = true; }
    ~Holding() { flag = false; }
  } holding(holds_pool);
  shared.pool->run(count, task);
}

}  // namespace mint::perception
