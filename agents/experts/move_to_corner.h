// MoveToCorner: grasps the block, turns with it, pushes it into the corner, backs off and stays.
#pragma once

#include <memory>

#include "agents/experts/expert.h"
#include "envs/random.h"

namespace mint::experts {

std::unique_ptr<Expert> move_to_corner_expert(const envs::Scene& scene, envs::Random& random,
                                              const ExpertOptions& options);

}  // namespace mint::experts
