// Pictures of a collisions scene (envs/collisions.h) and which solid each pixel shows.
//
// One ray per pixel, 16 where outlines pass; a lamp from the left with soft shadows on the ground,
// a weak one from the right. Metal has a sharp highlight and mirrors a plain sky and ground; rubber
// is matt. Noise, camera shake and shadows of solids on solids are left out.
#pragma once

#include <vector>

#include "envs/collisions.h"
#include "envs/image.h"

namespace mint::envs {

// Keeps the unlit ground and scratch memory. One thread at a time.
class CollisionsPainter {
 public:
  explicit CollisionsPainter(const CollisionsCamera& camera);

  // Replaces both pictures, of the camera's size. An id is 1 + the place in `solids` of what the
  // centre of the pixel shows, 0 the ground. `states` has one entry for each solid; those outside
  // the view are left out. Throws std::invalid_argument when the numbers differ or exceed 255.
  void draw(const std::vector<Solid>& solids, const std::vector<SolidState>& states, Image& image,
            InstanceImage& ids);

 private:
  CollisionsCamera camera_;
  std::vector<float> ground_x_, ground_y_;  // where each pixel's ray meets the ground
  std::vector<float> ground_;               // brightness of the ground without shadows
  std::vector<float> shadow_;               // what shadows leave of it, in this frame
  std::vector<float> depth_;                // of what is seen, in this frame
};

}  // namespace mint::envs
