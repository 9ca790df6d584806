// FindDupe: brings a duplicate of the query into the region and takes every other block out of it
// that gets there.
#pragma once

#include <memory>

#include "agents/experts/expert.h"
#include "envs/random.h"

namespace mint::experts {

std::unique_ptr<Expert> find_dupe_expert(const envs::Scene& scene, envs::Random& random,
                                         const ExpertOptions& options);

}  // namespace mint::experts
