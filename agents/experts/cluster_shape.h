// ClusterShape: moves as few blocks as needed until each is nearest to its own shape.
#pragma once

#include <memory>

#include "agents/experts/expert.h"
#include "envs/random.h"

namespace mint::experts {

std::unique_ptr<Expert> cluster_shape_expert(const envs::Scene& scene, envs::Random& random,
                                             const ExpertOptions& options);

}  // namespace mint::experts
