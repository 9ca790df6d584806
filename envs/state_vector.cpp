#include "envs/state_vector.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <string>

namespace mint::envs {
namespace {

constexpr size_t kBodySize = 6;
constexpr size_t kRobotSize = 3 * kBodySize + 4;

double* write_body(const BodyState& body, double* row) {
  const double numbers[kBodySize] = {body.pose.x, body.pose.y, body.pose.angle,
                                     body.vx,     body.vy,     body.spin};
  return std::copy(std::begin(numbers), std::end(numbers), row);
}

BodyState body_from_row(const double* row) {
  return {{row[0], row[1], row[2]}, row[3], row[4], row[5]};
}

}  // namespace

void append_state(const State& state, std::vector<double>& row) {
  const size_t size = row.size();
  row.resize(size + kRobotSize + kBodySize * state.blocks.size());
  write_state(state, row.data() + size);
}

double* write_state(const State& state, double* row) {
  row = write_body(state.robot, row);
  for (const BodyState& finger : state.fingers) row = write_body(finger, row);
  row = std::copy(state.eye_angles.begin(), state.eye_angles.end(), row);
  row = std::copy(state.eye_spins.begin(), state.eye_spins.end(), row);
  for (const BodyState& block : state.blocks) row = write_body(block, row);
  return row;
}

State state_from_row(const double* row, size_t size) {
  if (size < kRobotSize || (size - kRobotSize) % kBodySize != 0) {
    throw std::invalid_argument("state_from_row: expected 22 + 6 * blocks numbers, got " +
                                std::to_string(size));
  }
  State state;
  state.robot = body_from_row(row);
  state.fingers = {body_from_row(row + kBodySize), body_from_row(row + 2 * kBodySize)};
  const double* eyes = row + 3 * kBodySize;
  state.eye_angles = {eyes[0], eyes[1]};
  state.eye_spins = {eyes[2], eyes[3]};
  for (size_t at = kRobotSize; at < size; at += kBodySize) {
    state.blocks.push_back(body_from_row(row + at));
  }
  return state;
}

}  // namespace mint::envs
