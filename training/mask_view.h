// Instance masks drawn over a picture, so that people see which pixels belong to which entity.
#pragma once

#include "envs/draw.h"

namespace mint::training {

// Blends every pixel of an entity with the entity's colour, which follows from its id alone; the
// arena (id 0) stays as it is. Throws std::invalid_argument when the sizes differ.
void blend_masks(const envs::InstanceImage& instances, envs::Image& image);

}  // namespace mint::training
