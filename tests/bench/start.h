// The beginning of main in benchmarks that use LibTorch: the program's own allocator, one thread.
#pragma once

#include <cstdlib>

#include <benchmark/benchmark.h>

#include "perception/runtime.h"

namespace mint::bench {

// Exits with 2 for an unknown option.
inline void start(int argc, char** argv) {
  perception::start_runtime();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) std::exit(2);
}

}  // namespace mint::bench
