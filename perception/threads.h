// The threads of the kernels of this folder: a few workers of our own, asleep between calls.
//
// Not OpenMP: its threads and those of OpenBLAS spin against each other, so LibTorch keeps one
// thread (perception/runtime.h). One pool for the process, because the workers are the machine's
// cores; work is cut into tasks that do not depend on their number, so neither do results.
#pragma once

#include <cstdint>
#include <functional>

namespace mint::perception {

// Threads that parallel_for uses, the calling one included; 1 at start. The workers are started
// here. Call it between calls of parallel_for. Throws std::invalid_argument below 1.
void set_threads(int64_t count);
int64_t threads();

// task(i, worker) for every i in [0, count), each once, in any order; worker is in [0, threads())
// and no two running tasks share one. Returns when all are done; rethrows the first exception. A
// call that comes while another one is running does its tasks in the calling thread.
void parallel_for(int64_t count, const std::function<void(int64_t task, int64_t worker)>& task);

}  // namespace mint::perception
