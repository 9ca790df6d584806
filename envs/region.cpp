#include "envs/region.h"

namespace mint::envs {

bool contains(const Region& region, const Pose& pose) {
  return pose.x >= region.x && pose.x <= region.x + region.w && pose.y <= region.y &&
         pose.y >= region.y - region.h;
}

}  // namespace mint::envs
