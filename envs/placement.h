// Random placement without overlap (section 9 of the MAGICAL page): what the variants Jitter,
// Layout, CountPlus and All are made of.
#pragma once

#include <cmath>
#include <vector>

#include "envs/random.h"
#include "envs/scene.h"
#include "envs/variant.h"

namespace mint::envs {

inline constexpr double kJitterPosition = 0.025;  // each axis
inline constexpr double kJitterRotation_rad = 0.05 * M_PI;
inline constexpr double kJitterSize = 0.0075;  // of a region's w and h, each

// How far an entity may move from where it is; infinite = anywhere in the arena, any angle.
struct PlacementLimits {
  double position = INFINITY;      // each axis
  double rotation_rad = INFINITY;  // regions keep their angle
};
inline constexpr PlacementLimits kJitterLimits = {kJitterPosition, kJitterRotation_rad};

// Places `entities` one after another: a try is rejected if the entity touches a wall, an entity
// placed before it, or one that is not in the list; regions are obstacles like any other. `ignored`
// entities never count. A region is placed by its centre. Throws std::runtime_error when ten
// restarts of the whole list have failed.
void place(Scene& scene, const std::vector<EntityRef>& entities, const PlacementLimits& limits,
           Random& random, const std::vector<EntityRef>& ignored = {});

// Legal widths and heights of a region.
struct SizeRange {
  double low = 0.5;
  double high = 0.8;
};

// Draws w and h anew within +-kJitterSize and `range`; the top-left corner stays.
void jitter_size(Region& region, Random& random, const SizeRange& range = {});

// What a task does to its layout: nothing unless `vary` has jitter or layout; a free layout goes
// before jitter.
//
// The sizes of all regions, uniform within `range` in a free layout.
void vary_sizes(Scene& scene, const Variation& vary, Random& random, const SizeRange& range = {});

// place() with the limits of the variant.
void vary_poses(Scene& scene, const std::vector<EntityRef>& entities, const Variation& vary,
                Random& random, const std::vector<EntityRef>& ignored = {});

// Moves every entity within `limits` of where it is, in any task's scene: first the regions, with
// the blocks that lie in them, then the robot and the other blocks, at last the blocks in regions,
// each within its own. Sizes stay. Throws as place() does.
void jitter_poses(Scene& scene, const PlacementLimits& limits, Random& random);

// A block that starts in a region.
struct Inside {
  int block = 0;
  int region = 0;
};

// Moves every block to the centre of its region, then places one after another with only its own
// region ignored, so that its centre stays at least `margin` from the region's border (at the
// centre when there is no room) and, in Jitter, within kJitterPosition of the centre.
void vary_poses_inside(Scene& scene, const std::vector<Inside>& blocks, double margin,
                       const Variation& vary, Random& random);

}  // namespace mint::envs
