// Many environments stepped at once on a fixed set of threads, writing into the caller's arrays.
//
//   VectorEnv envs(std::vector<std::string>(64, "MakeLine-TestJitter-LoRes4A-v0"), /*threads=*/2);
//   std::vector<uint8_t> images(envs.size() * envs.image_bytes());
//   EnvBatch batch;
//   batch.images = images.data();
//   envs.reset(seeds, batch);
//   while (...) envs.step(actions, batch);
//
// A row of a batch depends on its environment's name, seed and actions alone: not on the number of
// threads, the row's place or the other rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "envs/env.h"
#include "envs/state_vector.h"
#include "envs/thread_pool.h"

namespace mint::envs {

// What a call writes and where: the caller's arrays of N rows each, one after the other without
// padding. They may differ from call to call. A null pointer asks for nothing: without `images`
// nothing is drawn.
struct EnvBatch {
  uint8_t* images = nullptr;     // [N, image_bytes()], a row in the layout of envs/preprocessor.h
  double* states = nullptr;      // [N, kMaxStateSize], a row as in envs/state_vector.h, then zeros
  double* scores = nullptr;      // [N], the task's score on an episode's last step, else 0
  uint8_t* truncated = nullptr;  // [N], 1 on an episode's last step, else 0
};

// What step() does with an environment whose episode has ended (as Gymnasium's vector
// environments). The last step of an episode always reports its score and its last observation.
enum class AutoReset : uint8_t {
  kNextStep,  // resets it instead of stepping: its action is ignored, its score 0, not truncated
  kOff,       // throws std::logic_error before anything is stepped: the caller resets it
};

// Used by one thread at a time; its own threads wait between calls and end with it.
class VectorEnv {
 public:
  // One environment for each name ("FindDupe-TestShape-LoRes4E-v0"); tasks and variants may differ,
  // the preprocessor may not. `threads` counts the caller's own. Throws std::invalid_argument.
  VectorEnv(const std::vector<std::string>& names, int threads,
            AutoReset auto_reset = AutoReset::kNextStep);

  int size() const { return static_cast<int>(rows_.size()); }  // N
  Preprocessor preprocessor() const { return rows_.front().env.preprocessor(); }
  size_t image_bytes() const { return observation_bytes(preprocessor()); }
  const Env& env(int index) const { return rows_.at(index).env; }

  // Begins an episode in every environment and writes every row. With automatic resets environment
  // i goes on with the seeds derive_seed(seeds[i], "episode", k), k = 1, 2, ... Throws
  // std::invalid_argument unless there are N seeds.
  void reset(const std::vector<uint64_t>& seeds, const EnvBatch& batch);

  // The same for one environment: writes row `index` alone (in its place among the N). Throws
  // std::out_of_range for a bad index.
  void reset(int index, uint64_t seed, const EnvBatch& batch);

  // One control step of every environment; writes every row. Throws before anything is stepped:
  // std::invalid_argument unless there are N actions, std::out_of_range for a bad action (the
  // message names the environment), std::logic_error before reset(). Allocates nothing once every
  // environment has been looked at, but for automatic resets and what Env::step() names.
  //
  // What goes wrong in a thread (an automatic reset that finds no layout) is thrown here as
  // std::runtime_error that names the environment, once all others have been stepped.
  void step(const std::vector<int>& actions, const EnvBatch& batch);

 private:
  struct Row {
    Env env;
    uint64_t seed = 0;     // of the first episode
    uint64_t episode = 0;  // automatic resets since
    bool is_begun = false;
    bool is_over = false;
  };

  template <typename Work>
  void for_each_row(const Work& work);
  void require_steps(const std::vector<int>& actions) const;
  StepResult step_row(Row& row, int action);
  void write_row(int index, const StepResult& result, const EnvBatch& batch);

  std::vector<Row> rows_;
  AutoReset auto_reset_;
  ThreadPool pool_;  // last: its threads end before the rows do
};

}  // namespace mint::envs
