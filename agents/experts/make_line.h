// MakeLine: plans a line and who goes where, tries the plan in a World of its own, then moves block
// after block to its place. Plans anew when blocks are not where the plan left them.
#pragma once

#include <memory>

#include "agents/experts/expert.h"
#include "envs/random.h"

namespace mint::experts {

std::unique_ptr<Expert> make_line_expert(const envs::Scene& scene, envs::Random& random,
                                         const ExpertOptions& options);

}  // namespace mint::experts
