// MoveToRegion: drives to a place well inside the goal region and stays there.
#pragma once

#include <memory>

#include "agents/experts/expert.h"
#include "envs/random.h"

namespace mint::experts {

std::unique_ptr<Expert> move_to_region_expert(envs::Random& random, const ExpertOptions& options);

}  // namespace mint::experts
