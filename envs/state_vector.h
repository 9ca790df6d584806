// A State as a flat row of numbers, the form in which demonstrations store it.
//
// Order: robot, left finger, right finger (x, y, angle, vx, vy, spin each), left and right eye
// angle, left and right eye spin, then six numbers a block. D = 22 + 6 * blocks.
#pragma once

#include <cstddef>
#include <vector>

#include "envs/scene.h"

namespace mint::envs {

inline constexpr size_t kMaxStateSize = 22 + 6 * kMostBlocks;  // the largest D of any task

// Appends the D numbers of `state` to `row`.
void append_state(const State& state, std::vector<double>& row);

// Writes the D numbers of `state` to `row` and returns the place behind the last.
double* write_state(const State& state, double* row);

// The state behind `size` numbers. Throws std::invalid_argument unless size is 22 + 6 * blocks.
State state_from_row(const double* row, size_t size);

}  // namespace mint::envs
