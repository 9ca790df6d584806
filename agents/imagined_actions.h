// What each action would do to the keypoints of an observation, by an action-conditioned forward
// model (`mint fit-dynamics` with predictor.actions=18): for policies that look ahead.
#pragma once

#include <torch/types.h>

#include "agents/policy.h"
#include "dynamics/keypoint_predictor.h"

namespace mint::agents {

// Keypoints one step after each of the 18 actions, float [N, 18, K, 2], fractions of the image; a
// keypoint that is inactive in the newest frame stays where it is. The predictor's history may be
// shorter than the observation's T; its newest frames are read. Without gradients; a row does not
// depend on the others. Throws std::invalid_argument for a predictor without actions, with a longer
// history or with another K.
torch::Tensor imagine_actions(dynamics::KeypointPredictor& predictor,
                              const Observation& observation);

}  // namespace mint::agents
