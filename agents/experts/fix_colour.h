// FixColour: takes the block whose colour differs from that of its region out of it, and brings
// back others that got away.
#pragma once

#include <memory>

#include "agents/experts/expert.h"
#include "envs/random.h"

namespace mint::experts {

std::unique_ptr<Expert> fix_colour_expert(const envs::Scene& scene, envs::Random& random,
                                          const ExpertOptions& options);

}  // namespace mint::experts
