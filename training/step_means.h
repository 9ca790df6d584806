// Means of named values over the steps between two lines of a log.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "training/optimiser_state.h"
#include "training/run_directory.h"

namespace mint::training {

class StepMeans {
 public:
  // The values of one step.
  void add(const NamedValues& values);
  int64_t steps() const { return steps_; }  // since the last take()

  // The means, by name, and begins anew; at least one step.
  std::map<std::string, double> take();

  // To go on in a resumed training, bit for bit: "sum.total", "sum_steps".
  NamedTensors state() const;
  void load(const NamedTensors& state);

 private:
  std::map<std::string, double> sums_;
  int64_t steps_ = 0;
};

}  // namespace mint::training
