// How `mint play` and `mint record --by keyboard` show a moment of an environment.
#pragma once

#include <string>

#include "envs/env.h"
#include "training/keypoint_view.h"

namespace mint::training {

enum class Cameras { kAllo, kEgo, kBoth };

struct Look {
  Cameras cameras = Cameras::kAllo;
  bool shows_masks = false;
  bool shows_keypoints = true;  // where there is a detector
  bool shows_text = true;
};

// "allo", "ego", "both". "" means the cameras that the preprocessor of an environment's name asks
// for, the allocentric one without a preprocessor. Throws ConfigError.
Cameras cameras_of(const std::string& name, const std::string& preprocessor);

Cameras next(Cameras cameras);  // allo, ego, both, allo ...

// 384 pixels high; 384 wide, or 768 with the allocentric view left of the egocentric one. Keypoints
// are those of the allocentric view, and drawn over it alone; `keypoints` may be null.
envs::Image picture_of(const envs::Env& env, const Look& look, const KeypointView* keypoints);

}  // namespace mint::training
