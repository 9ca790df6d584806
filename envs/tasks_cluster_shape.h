// ClusterShape: push the blocks together by shape, whatever their colours.
//
// Scene and score are those of envs/cluster.h with the shape as the group.
#pragma once

#include "envs/task.h"

namespace mint::envs {

TaskSpec cluster_shape();

}  // namespace mint::envs
