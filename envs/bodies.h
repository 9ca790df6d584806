// The rigid bodies of a World: fixtures, masses and frictions in Box2D's scaled units. Internal to
// the physics: included by envs/world.cpp and, for the units, by envs/collisions.cpp.
#pragma once

#include <box2d/box2d.h>

#include "envs/scene.h"

namespace mint::envs {

// Lengths are multiplied by 10 in Box2D, whose slop and polygon skin are absolute (section 12 of
// the MAGICAL page): speeds and forces scale with K, torques and inertias with K^2.
inline constexpr float kWorldScale = 10;

// Box2D rolls polygons in a skin: they are made smaller by it, so that contact begins at the true
// outline as in the original.
inline constexpr double kPolygonSkin = b2_polygonRadius / kWorldScale;

// Overlap that the original leaves alone, and the fraction of anything beyond it that it removes in
// a substep (section 11 of the page).
inline constexpr double kOverlapAllowed = 0.01;
inline constexpr double kOverlapRemoved = 0.076;

b2Vec2 scaled(double x, double y);

// To be called before the first step of any world: Box2D fills a static table when the first two
// shapes meet, and threads would race for it.
void fill_contact_table();

// Poses and velocities between our units and Box2D's.
void set_state(b2Body& body, const BodyState& state);
Pose pose_of(const b2Body& body);
void take_velocity(const b2Body& body, BodyState& state);

b2Body* add_walls(b2World& world);
b2Body* add_robot_body(b2World& world);
b2Body* add_finger(b2World& world, int side);
b2Body* add_block(b2World& world, Shape shape);

// The rules of the original when two shapes meet, in place of Box2D's: the combined friction is the
// product (not the geometric mean), and overlap is allowed and removed as above. Box2D has its own
// numbers compiled in, so the contact points that it is about to solve are moved along the normal
// until its single position iteration does just that; what it solves for velocities has no term for
// overlap.
class ContactRules : public b2ContactListener {
 public:
  static constexpr int kPositionIterations = 1;

  void BeginContact(b2Contact* contact) override { multiply_friction(contact); }
  void PreSolve(b2Contact* contact, const b2Manifold*) override {
    multiply_friction(contact);
    tolerate_overlap(contact);
  }

 private:
  static void multiply_friction(b2Contact* contact);
  static void tolerate_overlap(b2Contact* contact);
};

}  // namespace mint::envs
