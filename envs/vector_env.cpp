#include "envs/vector_env.h"

#include <algorithm>
#include <stdexcept>

namespace mint::envs {
namespace {

std::string row_name(const char* call, const char* argument, size_t index) {
  return std::string("VectorEnv::") + call + ": " + argument + "[" + std::to_string(index) + "]";
}

void require_size(const char* call, const char* argument, size_t expected, size_t got) {
  if (got == expected) return;
  throw std::invalid_argument(std::string("VectorEnv::") + call + ": " + argument + ": expected " +
                              std::to_string(expected) + ", got " + std::to_string(got));
}

}  // namespace

VectorEnv::VectorEnv(const std::vector<std::string>& names, int threads, AutoReset auto_reset)
    : auto_reset_(auto_reset), pool_(threads) {
  if (names.empty()) {
    throw std::invalid_argument("VectorEnv: names: expected at least one, got none");
  }
  rows_.reserve(names.size());
  for (const std::string& name : names) {
    rows_.push_back({make_env(name)});
    const Preprocessor got = rows_.back().env.preprocessor();
    if (got == preprocessor()) continue;
    throw std::invalid_argument("VectorEnv: names[" + std::to_string(rows_.size() - 1) +
                                "]: expected the preprocessor of " + names.front() + ", got " +
                                name);
  }
}

void VectorEnv::reset(const std::vector<uint64_t>& seeds, const EnvBatch& batch) {
  require_size("reset", "seeds", rows_.size(), seeds.size());
  for_each_row([&](int i) { reset(i, seeds[i], batch); });
}

void VectorEnv::reset(int index, uint64_t seed, const EnvBatch& batch) {
  Row& row = rows_.at(index);
  row.env.reset(seed);
  row.seed = seed;
  row.episode = 0;
  row.is_begun = true;
  row.is_over = false;
  write_row(index, {}, batch);
}

void VectorEnv::step(const std::vector<int>& actions, const EnvBatch& batch) {
  require_steps(actions);
  for_each_row([&](int i) { write_row(i, step_row(rows_[i], actions[i]), batch); });
}

template <typename Work>
void VectorEnv::for_each_row(const Work& work) {
  pool_.for_each(size(), [&](int i) {
    try {
      work(i);
    } catch (const std::exception& error) {
      const Env& env = rows_[i].env;
      throw std::runtime_error("VectorEnv: environment " + std::to_string(i) + ", " +
                               env.task().name + "-" + env.variant() + ": " + error.what());
    }
  });
}

void VectorEnv::require_steps(const std::vector<int>& actions) const {
  require_size("step", "actions", rows_.size(), actions.size());
  for (size_t i = 0; i < rows_.size(); ++i) {
    if (actions[i] < 0 || actions[i] >= kActions) {
      throw std::out_of_range(row_name("step", "actions", i) + ": expected 0..17, got " +
                              std::to_string(actions[i]));
    }
    if (!rows_[i].is_begun || (rows_[i].is_over && auto_reset_ == AutoReset::kOff)) {
      throw std::logic_error(row_name("step", "environments", i) +
                             ": expected reset() first, got " +
                             (rows_[i].is_begun ? "a step after the last one" : "none"));
    }
  }
}

StepResult VectorEnv::step_row(Row& row, int action) {
  if (row.is_over) {
    row.env.reset(derive_seed(row.seed, "episode", ++row.episode));
    row.is_over = false;
    return {};
  }
  const StepResult result = row.env.step(action);
  row.is_over = result.truncated;
  return result;
}

void VectorEnv::write_row(int index, const StepResult& result, const EnvBatch& batch) {
  const size_t i = index;
  Env& env = rows_[i].env;
  if (batch.images) env.write_observation(batch.images + i * image_bytes());
  if (batch.states) {
    const size_t blocks = env.state().blocks.size();
    if (blocks > kMostBlocks) {
      throw std::logic_error("state: expected at most " + std::to_string(kMostBlocks) +
                             " blocks, got " + std::to_string(blocks));
    }
    double* row = batch.states + i * kMaxStateSize;
    std::fill(write_state(env.state(), row), row + kMaxStateSize, 0);
  }
  if (batch.scores) batch.scores[i] = result.score;
  if (batch.truncated) batch.truncated[i] = result.truncated;
}

}  // namespace mint::envs
