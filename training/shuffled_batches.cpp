#include "training/shuffled_batches.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "envs/random.h"

namespace mint::training {
namespace {

// Fisher-Yates.
std::vector<int64_t> shuffled(std::vector<int64_t> items, envs::Random random) {
  for (size_t i = items.size(); i > 1; --i) {
    std::swap(items[i - 1], items[random.below(static_cast<int>(i))]);
  }
  return items;
}

}  // namespace

ShuffledBatches::ShuffledBatches(std::vector<int64_t> items, int64_t batch, uint64_t seed)
    : items_(std::move(items)), batch_(batch), seed_(seed) {}

void ShuffledBatches::begin_epoch() {
  order_ = shuffled(items_, envs::Random(envs::derive_seed(seed_, "epoch", epoch_)));
  ++epoch_;
  position_ = 0;
}

void ShuffledBatches::seek(int64_t batches) {
  epoch_ = static_cast<uint64_t>(batches / per_epoch());
  begin_epoch();
  position_ = static_cast<size_t>(batches % per_epoch() * batch_);
}

std::vector<int64_t> ShuffledBatches::next() {
  if (position_ == order_.size()) begin_epoch();
  const size_t end = std::min(position_ + static_cast<size_t>(batch_), order_.size());
  const std::vector<int64_t> batch(order_.begin() + position_, order_.begin() + end);
  position_ = end;
  return batch;
}

int64_t ShuffledBatches::per_epoch() const {
  return (static_cast<int64_t>(items_.size()) + batch_ - 1) / batch_;
}

std::vector<int64_t> all_indices(int64_t size) {
  std::vector<int64_t> indices(size);
  std::iota(indices.begin(), indices.end(), 0);
  return indices;
}

}  // namespace mint::training
