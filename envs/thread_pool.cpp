#include "envs/thread_pool.h"

#include <stdexcept>
#include <string>
#include <utility>

namespace mint::envs {

ThreadPool::ThreadPool(int threads) {
  if (threads < 1) {
    throw std::invalid_argument("ThreadPool: threads: expected >= 1, got " +
                                std::to_string(threads));
  }
  workers_.reserve(threads - 1);
  try {
    for (int i = 1; i < threads; ++i) workers_.emplace_back([this] { serve(); });
  } catch (...) {  // the system refuses another thread
    stop();
    throw;
  }
}

ThreadPool::~ThreadPool() {
  stop();
}

void ThreadPool::stop() noexcept {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::run(const Job& job) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    job_ = job;
    ++job_number_;
    next_ = 0;
  }
  if (job.count > 1) wake_.notify_all();
  take_items();
  std::unique_lock<std::mutex> lock(mutex_);
  idle_.wait(lock, [this] { return busy_ == 0; });
  if (const std::exception_ptr error = std::exchange(error_, nullptr)) {
    std::rethrow_exception(error);
  }
}

void ThreadPool::take_items() {
  for (int i = next_++; i < job_.count; i = next_++) {
    try {
      job_.call(job_.work, i);
    } catch (...) {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!error_ || i < error_index_) {
        error_ = std::current_exception();
        error_index_ = i;
      }
    }
  }
}

void ThreadPool::serve() {
  unsigned seen = 0;  // the last job that this worker knows of
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return is_stopping_ || job_number_ != seen; });
    if (is_stopping_) return;
    seen = job_number_;
    if (next_ >= job_.count) continue;  // woken too late: the caller does not wait for this worker
    ++busy_;
    lock.unlock();
    take_items();
    lock.lock();
    if (--busy_ == 0) idle_.notify_one();
  }
}

}  // namespace mint::envs
