// The mean of the values added, in their order; NaN before the first.
#pragma once

#include <cstdint>
#include <limits>

namespace mint::perception {

class RunningMean {
 public:
  void add(double value) {
    sum_ += value;
    ++count_;
  }
  double value() const {
    return count_ > 0 ? sum_ / static_cast<double>(count_)
                      : std::numeric_limits<double>::quiet_NaN();
  }

 private:
  double sum_ = 0;
  int64_t count_ = 0;
};

}  // namespace mint::perception
