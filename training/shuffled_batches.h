// Shuffled batches for ever: every epoch is a permutation of its own, derived from the seed and the
// epoch's number; the last, partial batch of an epoch is kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mint::training {

class ShuffledBatches {
 public:
  // At least one item; batch >= 1.
  ShuffledBatches(std::vector<int64_t> items, int64_t batch, uint64_t seed);

  std::vector<int64_t> next();
  void seek(int64_t batches);  // as if so many had been drawn
  int64_t per_epoch() const;   // batches

 private:
  void begin_epoch();

  std::vector<int64_t> items_;
  int64_t batch_;
  uint64_t seed_;
  uint64_t epoch_ = 0;
  size_t position_ = 0;
  std::vector<int64_t> order_;  // of the current epoch
};

// 0, 1, ..., size - 1.
std::vector<int64_t> all_indices(int64_t size);

}  // namespace mint::training
