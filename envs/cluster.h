// What ClusterColour and ClusterShape have in common: everything but the Demo layout and the
// attribute that makes a group.
//
// Scene: seven to ten blocks (targets = all of them), no region.
#pragma once

#include <vector>

#include "envs/random.h"
#include "envs/scene.h"
#include "envs/variant.h"

namespace mint::envs {

// The scene whose Demo layout `robot` and `blocks` are, varied. Both attributes are drawn so that
// each of their four values occurs.
Scene sample_cluster_scene(const Pose& robot, const std::vector<Block>& blocks,
                           const Variation& vary, Random& random);

// The group of a block, in 0..3: what it is to be near.
using GroupOf = int (*)(const Block& block);

// With e = the squared distance of a block to the centroid of its own group and b = the smallest
// squared distance to another group's, a block is right iff sqrt(e) < sqrt(b) - 2 e (the original's
// rule). With f = the fraction of blocks that are right, the score is max(f - 0.75, 0) / 0.25.
double cluster_score(const Scene& scene, const State& state, GroupOf group_of);

}  // namespace mint::envs
