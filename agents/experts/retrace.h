// Follows the segments of a demonstration in another scene, closed loop.
#pragma once

#include <memory>

#include "agents/experts/expert.h"
#include "agents/experts/segments.h"

namespace mint::experts {

// Works off the segments of `outline`, which is of the scene that it will see (transformed()), with
// pick_and_place; then it repairs what has gone wrong since, and stands still. Without segments it
// drives to the outline's place of rest. Whatever gets it stuck it does in the controller's own way
// from then on.
std::unique_ptr<Expert> retracing_expert(const Outline& outline);

}  // namespace mint::experts
