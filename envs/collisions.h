// Videos of rigid bodies that rest, enter, collide and leave, after CLEVRER (metrics_datasets.md,
// section 4): one to six balls, cubes and prisms on a plane, simulated in Box2D from above. Drawn
// by envs/collisions_draw.h; written in CLEVRER's format by training/collisions_output.h.
#pragma once

#include <cstdint>
#include <vector>

#include "envs/collisions_camera.h"

namespace mint::envs {

// The defaults are those of the published data set; they are fixed, so that numbers measured on it
// stay comparable. Lengths in units (an object is about half a unit wide), speeds in units/s.
struct CollisionsConfig {
  int frames = 128;
  double frames_per_s = 25;
  double object_weights[6] = {1, 2, 3, 10, 22, 26};  // of scenes with 1, 2, ..., 6 objects

  double size_min = 0.235;  // radius of a ball; the other shapes are scaled from it
  double size_max = 0.265;

  double entering = 0.42;  // probability that an object comes from outside
  int last_entry = 60;     // the latest frame at which one sets out
  double aimed = 0.85;     // probability that it is aimed at another object
  double speed_min = 2.2;  // at which it sets out
  double speed_max = 5.0;
  double resting_gap = 0.12;      // at least, between objects that lie at the start
  double resting_margin_px = 36;  // of their centres from the border of the picture

  double linear_damping = 0.15;         // 1/s
  double angular_damping = 0.5;         // 1/s
  double friction_deceleration = 0.12;  // of sliding on the ground, units/s^2
  double contact_friction = 0.25;
  double restitution = 0.7;

  CollisionsCamera camera;
};

// The top view of a solid is a circle, a box, a hexagon; CLEVRER's names are for the whole solid.
enum class SolidShape { kSphere, kCube, kCylinder };
enum class SolidMaterial { kMetal, kRubber };
enum class SolidColour { kGray, kRed, kBlue, kGreen, kBrown, kCyan, kPurple, kYellow };
inline constexpr int kSolidShapes = 3;
inline constexpr int kSolidMaterials = 2;
inline constexpr int kSolidColours = 8;

// As CLEVRER's files call them: "cylinder", "rubber", "cyan".
const char* name_of(SolidShape shape);
const char* name_of(SolidMaterial material);
const char* name_of(SolidColour colour);

struct Solid {
  SolidShape shape = SolidShape::kSphere;
  SolidMaterial material = SolidMaterial::kRubber;
  SolidColour colour = SolidColour::kGray;
  double size = 0;  // units
};

double outer_radius(const Solid& solid);  // of its top view: the radius, half the diagonal
double height(const Solid& solid);        // of its top above the ground
Polygon top_view(const Solid& solid);     // of a cube or a prism, around the origin

struct SolidState {
  Pose pose;
  double vx = 0, vy = 0;  // units/s
  double spin = 0;        // rad/s
};

// Two solids touch that did not touch in the five frames before.
struct Collision {
  int frame = 0;
  int first = 0, second = 0;  // places in CollisionsVideo::solids, first < second
  Vec2 where;
};

// A solid that has not set out yet waits outside the view, where others may pass through it.
struct CollisionsVideo {
  std::vector<Solid> solids;                    // no two of equal colour, material and shape
  std::vector<std::vector<SolidState>> frames;  // [frame][solid]
  std::vector<Collision> collisions;            // in order of time
};

// The same config and seed give the same video, on any thread. Throws std::invalid_argument for a
// config without frames or with negative weights only.
CollisionsVideo simulate_collisions(const CollisionsConfig& config, uint64_t seed);

// Whether any part of the ball around the solid may be in the picture.
bool is_in_view(const CollisionsCamera& camera, const Solid& solid, const Pose& pose);

}  // namespace mint::envs
