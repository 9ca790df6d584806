#include "envs/block_geometry.h"

#include <cmath>
#include <stdexcept>

namespace mint::envs {
namespace {

constexpr double kStarOuter = 1.3 * kBlockSize;
constexpr double kStarInner = 0.5 * kStarOuter;
constexpr double kTriangleShrink = 0.8;   // of its side
constexpr double kSquareRounding = 0.01;  // fraction of the side

double square_side() {
  return std::sqrt(M_PI) * kBlockSize;
}

// 0 for shapes that are not regular polygons of the general rule.
int regular_corners(Shape shape) {
  switch (shape) {
    case Shape::kTriangle:
      return 3;
    case Shape::kPentagon:
      return 5;
    case Shape::kHexagon:
      return 6;
    case Shape::kOctagon:
      return 8;
    default:
      return 0;
  }
}

double circumradius(Shape shape) {
  const int n = regular_corners(shape);
  const double shrink = shape == Shape::kTriangle ? kTriangleShrink : 1;
  const double side = 2 * kBlockSize * shrink * std::sqrt(M_PI / n * std::tan(M_PI / n));
  return side / (2 * std::sin(M_PI / n));
}

Polygon star(double outer, double inner) {
  Polygon polygon;
  for (int k = 0; k < 10; ++k) {
    polygon.push_back(rotate({0, k % 2 == 0 ? outer : inner}, M_PI * k / 5));
  }
  return polygon;
}

Polygon square(double side) {
  return rectangle(-side / 2, -side / 2, side / 2, side / 2);
}

// The drawn shape with its outline moved inwards by `inset`.
Polygon drawn(Shape shape, double inset) {
  switch (shape) {
    case Shape::kSquare:
      return square(square_side() - 2 * inset);
    case Shape::kCircle:
      return circle_polygon(kCircleCorners, kBlockSize - inset);
    case Shape::kStar:
      return star(kStarOuter - inset, kStarInner - inset);
    default: {
      const int n = regular_corners(shape);
      return regular_polygon(n, circumradius(shape) - inset / std::cos(M_PI / n));
    }
  }
}

}  // namespace

Polygon block_outer(Shape shape) {
  return drawn(shape, 0);
}

Polygon block_inner(Shape shape) {
  return drawn(shape, kBlockOutline);
}

std::vector<Polygon> block_parts(Shape shape) {
  switch (shape) {
    case Shape::kCircle:
      return {};
    case Shape::kSquare:
      return {square(square_side() * (1 + 2 * kSquareRounding))};
    case Shape::kStar: {
      const Polygon outline = star(kStarOuter, kStarInner);
      std::vector<Polygon> kites;
      for (int tip = 0; tip < 10; tip += 2) {
        kites.push_back({{0, 0}, outline[(tip + 9) % 10], outline[tip], outline[tip + 1]});
      }
      return kites;
    }
    default:
      return {regular_polygon(regular_corners(shape), circumradius(shape))};
  }
}

double block_inertia(Shape shape) {
  switch (shape) {  // section 5 of the page
    case Shape::kCircle:
      return 0.0036;
    case Shape::kSquare:
      return 0.0037699112;
    case Shape::kPentagon:
      return 0.0036611027;
    case Shape::kHexagon:
      return 0.0036275987;
    case Shape::kOctagon:
      return 0.0036082076;
    case Shape::kTriangle:
      return 0.0027859958;
    case Shape::kStar:
      return 0.0046826865;  // of its convex hull, as in the original
  }
  throw std::invalid_argument("block_inertia: shape: expected a known shape");
}

}  // namespace mint::envs
