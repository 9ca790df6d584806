// The rigid bodies of a World: fixtures, masses and frictions in Box2D's scaled units. Internal to
// the physics; nothing outside envs/world.cpp includes it.
#pragma once

#include <box2d/box2d.h>

#include "envs/scene.h"

namespace mint::envs {

// Lengths are multiplied by 10 in Box2D, whose slop and polygon skin are absolute (section 12 of
// the MAGICAL page): speeds and forces scale with K, torques and inertias with K^2.
inline constexpr float kWorldScale = 10;

// The original lets shapes overlap by about 0.005, Box2D keeps its skins apart: shapes are made
// this much smaller for collision, which removes the constant offset of pushed blocks.
inline constexpr double kPolygonShrink = 0.0015;
inline constexpr double kCircleShrink = 0.0005;

b2Vec2 scaled(double x, double y);

// Poses and velocities between our units and Box2D's.
void set_state(b2Body& body, const BodyState& state);
Pose pose_of(const b2Body& body);
void take_velocity(const b2Body& body, BodyState& state);

b2Body* add_walls(b2World& world);
b2Body* add_robot_body(b2World& world);
b2Body* add_finger(b2World& world, int side);
b2Body* add_block(b2World& world, Shape shape);

// Combined friction is the product (Box2D's default is the geometric mean).
class FrictionProduct : public b2ContactListener {
 public:
  void BeginContact(b2Contact* contact) override { apply(contact); }
  void PreSolve(b2Contact* contact, const b2Manifold*) override { apply(contact); }

 private:
  static void apply(b2Contact* contact);
};

}  // namespace mint::envs
