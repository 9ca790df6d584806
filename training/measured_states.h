// The states behind the frames of a demonstration that has none: human demonstrations are pixels
// and actions.
//
// A replay that is held to the frames: from the state of one frame World makes one control step
// with the recorded action, and what it predicts is moved until our drawing of it equals the next
// frame. Frames are drawn by known rules to the pixel, so the remaining difference tells how far
// and whither every entity has to move. Replays without this drift away within seconds.
#pragma once

#include <cstdint>
#include <vector>

#include "envs/scene.h"

namespace mint::training {

struct MeasuredStates {
  std::vector<envs::State> states;  // as many as frames
  // Of every frame: the mean absolute difference to the drawing of its state, in levels of 255.
  std::vector<double> residuals;
};

// `frames` are [T + 1, 96, 96, 3] RGB, allocentric; `actions` the T executed between them, and
// `scene` what the first frame shows. Poses of the robot and the blocks are measured (to
// 0.003 units; tests/training/measured_states_test.cpp), and the angles of the fingers; velocities
// are those of the World's last step. Throws std::invalid_argument when the sizes disagree.
MeasuredStates measure_states(const envs::Scene& scene, const std::vector<int>& actions,
                              const std::vector<uint8_t>& frames);

}  // namespace mint::training
