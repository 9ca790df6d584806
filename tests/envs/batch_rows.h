// Arrays for every part of a VectorEnv's batch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "envs/state_vector.h"
#include "envs/vector_env.h"

namespace mint::tests {

struct BatchRows {
  explicit BatchRows(const envs::VectorEnv& envs)
      : images(envs.size() * envs.image_bytes()),
        states(envs.size() * envs::kMaxStateSize),
        scores(envs.size()),
        truncated(envs.size()) {}

  envs::EnvBatch batch() { return {images.data(), states.data(), scores.data(), truncated.data()}; }

  std::vector<uint8_t> image(size_t i) const { return row(images, i); }
  std::vector<double> state(size_t i) const { return row(states, i); }

  bool operator==(const BatchRows& other) const {
    return images == other.images && states == other.states && scores == other.scores &&
           truncated == other.truncated;
  }

  std::vector<uint8_t> images;
  std::vector<double> states;
  std::vector<double> scores;
  std::vector<uint8_t> truncated;

 private:
  template <typename T>
  std::vector<T> row(const std::vector<T>& rows, size_t i) const {
    const size_t width = rows.size() / scores.size();
    return {rows.begin() + i * width, rows.begin() + (i + 1) * width};
  }
};

}  // namespace mint::tests
