// ClusterColour: push the blocks together by colour, whatever their shapes.
//
// Scene and score are those of envs/cluster.h with the colour as the group.
#pragma once

#include "envs/task.h"

namespace mint::envs {

TaskSpec cluster_colour();

}  // namespace mint::envs
