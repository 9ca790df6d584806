// Outlines, collision parts and masses of the blocks (section 5 of the MAGICAL page), in the
// block's own frame: origin = centre. Shared by physics, placement and drawing.
#pragma once

#include <vector>

#include "envs/geometry.h"
#include "envs/scene.h"

namespace mint::envs {

inline constexpr double kBlockSize =
    0.12;  // each shape has about the area of a circle of this radius
inline constexpr double kBlockMass = 0.5;
inline constexpr double kBlockOutline = 0.015;  // width of the drawn outline
inline constexpr int kCircleCorners = 100;      // circles are drawn as 100-gons

// What is drawn: the outer polygon in the darkened colour, the inner one in the base colour.
// Counter-clockwise; the star's is not convex. The square is without its rounding radius.
Polygon block_outer(Shape shape);
Polygon block_inner(Shape shape);

// What collides: convex polygons of at most 8 corners; the star is five kites that touch the
// centre, the square is grown by its rounding radius. Empty for the circle, whose radius is
// kBlockSize.
std::vector<Polygon> block_parts(Shape shape);

double block_inertia(Shape shape);  // about the centre; mass kBlockMass

}  // namespace mint::envs
