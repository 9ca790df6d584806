// A Scene put into Box2D. One control step is 1/8 s: 10 physics substeps of 1/80 s with a constant
// action. Bit-identical for the same build, scene and actions, whatever the thread.
//
// The physics follows sections 4, 5, 6, 11 and 12 of the MAGICAL page: world scale 10, loose finger
// hinges, controls computed from the poses before the previous substep (the original integrates
// positions at the beginning of a substep, Box2D at the end), product friction.
#pragma once

#include <array>
#include <memory>

#include "envs/scene.h"

namespace mint::envs {

inline constexpr int kActions = 18;   // 9 * closed + move, section 3 of the page
inline constexpr int kSubsteps = 10;  // physics substeps in one control step
inline constexpr double kSubstep_s = 1.0 / 80;
inline constexpr double kControlStep_s = kSubsteps * kSubstep_s;

// An action index taken apart.
struct Command {
  int drive = 0;        // +1 up, -1 down
  int turn = 0;         // +1 left, -1 right
  bool closed = false;  // gripper
};
Command decode_action(int action);  // throws std::out_of_range outside 0..17
int encode_action(const Command& command);

struct WorldOptions {
  // Whether blocks that lie still are left out of the physics until something touches them. A hook
  // for tests: it changes no bit of any result, only the time that a step takes.
  bool rest_blocks = true;
};

class World {
 public:
  explicit World(const Scene& scene, const WorldOptions& options = {});
  ~World();
  World(World&&) noexcept;
  World& operator=(World&&) noexcept;

  // One control step. `substeps`, a hook for tests, receives the poses and velocities after each of
  // its substeps, in order. Throws std::out_of_range for a bad action.
  void step(int action, std::array<State, kSubsteps>* substeps = nullptr);

  // As seen after the last control step; what is drawn and scored. The reference holds until
  // restore() or the end of the world; step() changes what it refers to.
  const State& state() const;

  // Starts again from `state` (same scene, same number of blocks): state() returns it unchanged and
  // two worlds restored from one state continue identically. Contact impulses are not part of a
  // state, so a restored world differs slightly from one that ran through while things touch.
  // Throws std::invalid_argument when the number of blocks differs.
  void restore(const State& state);

 private:
  struct Simulation;
  WorldOptions options_;
  std::unique_ptr<Simulation> simulation_;
};

}  // namespace mint::envs
