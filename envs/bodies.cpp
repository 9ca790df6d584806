#include "envs/bodies.h"

#include <cmath>

#include "envs/block_geometry.h"
#include "envs/robot_geometry.h"

namespace mint::envs {
namespace {

constexpr double kRobotMass = 1.0;
constexpr double kRobotInertia = 0.02;
constexpr double kFingerMass = 0.125;
// Two slightly different values, a quirk of how the original adds the two quads.
constexpr double kFingerInertia[2] = {0.0050064943618683, 0.0049830195172095};

constexpr float kWallFriction = 0.8f;
constexpr float kRobotFriction = 0.5f;
constexpr float kFingerFriction = 5.0f;
constexpr float kBlockFriction = 0.5f;

constexpr int16 kRobotGroup = -1;  // negative: parts of the robot never collide with each other

// The convex polygon with every edge moved inwards.
Polygon shrunk(const Polygon& polygon, double distance) {
  const size_t n = polygon.size();
  Polygon result;
  for (size_t i = 0; i < n; ++i) {
    const Vec2 before = polygon[i] - polygon[(i + n - 1) % n];
    const Vec2 after = polygon[(i + 1) % n] - polygon[i];
    const Vec2 u = (1 / length(before)) * before;
    const Vec2 v = (1 / length(after)) * after;
    // Inward normals are (-u.y, u.x) and (-v.y, v.x); the corner moves so that both edges do.
    const double k = distance / cross(u, v);
    result.push_back(polygon[i] + k * (v - u));
  }
  return result;
}

void add_fixture(b2Body& body, const b2Shape& shape, float friction, int16 group) {
  b2FixtureDef definition;
  definition.shape = &shape;
  definition.density = 0;  // masses are set by hand
  definition.friction = friction;
  definition.restitution = 0;
  definition.filter.groupIndex = group;
  body.CreateFixture(&definition);
}

void add_polygon(b2Body& body, const Polygon& polygon, float friction, int16 group = 0) {
  b2Vec2 corners[b2_maxPolygonVertices];
  int count = 0;
  for (const Vec2& v : shrunk(polygon, kPolygonShrink)) corners[count++] = scaled(v.x, v.y);
  b2PolygonShape shape;
  shape.Set(corners, count);
  add_fixture(body, shape, friction, group);
}

void add_circle(b2Body& body, double radius, float friction, int16 group = 0) {
  b2CircleShape shape;
  shape.m_radius = static_cast<float>((radius - kCircleShrink) * kWorldScale);
  add_fixture(body, shape, friction, group);
}

// Must come after the last fixture: adding one resets the mass.
void set_mass(b2Body& body, double mass, double inertia) {
  b2MassData data;
  data.mass = static_cast<float>(mass);
  data.center.SetZero();
  data.I = static_cast<float>(inertia * kWorldScale * kWorldScale);
  body.SetMassData(&data);
}

b2Body* add_dynamic(b2World& world) {
  b2BodyDef definition;
  definition.type = b2_dynamicBody;
  definition.allowSleep = false;
  return world.CreateBody(&definition);
}

}  // namespace

b2Vec2 scaled(double x, double y) {
  return {static_cast<float>(x * kWorldScale), static_cast<float>(y * kWorldScale)};
}

void set_state(b2Body& body, const BodyState& state) {
  body.SetTransform(scaled(state.pose.x, state.pose.y), static_cast<float>(state.pose.angle));
  body.SetLinearVelocity(scaled(state.vx, state.vy));
  body.SetAngularVelocity(static_cast<float>(state.spin));
}

Pose pose_of(const b2Body& body) {
  const b2Vec2& p = body.GetPosition();
  return {static_cast<double>(p.x) / kWorldScale, static_cast<double>(p.y) / kWorldScale,
          body.GetAngle()};
}

void take_velocity(const b2Body& body, BodyState& state) {
  const b2Vec2& v = body.GetLinearVelocity();
  state.vx = static_cast<double>(v.x) / kWorldScale;
  state.vy = static_cast<double>(v.y) / kWorldScale;
  state.spin = body.GetAngularVelocity();
}

b2Body* add_walls(b2World& world) {
  b2BodyDef definition;
  b2Body* walls = world.CreateBody(&definition);
  const double far = 2;  // outer edge; nothing gets there
  for (const Polygon& wall : {rectangle(-far, -far, -1, far), rectangle(1, -far, far, far),
                              rectangle(-far, -far, far, -1), rectangle(-far, 1, far, far)}) {
    add_polygon(*walls, wall, kWallFriction);
  }
  return walls;
}

b2Body* add_robot_body(b2World& world) {
  b2Body* body = add_dynamic(world);
  add_circle(*body, kRobotRadius, kRobotFriction, kRobotGroup);
  set_mass(*body, kRobotMass, kRobotInertia);
  return body;
}

b2Body* add_finger(b2World& world, int side) {
  b2Body* body = add_dynamic(world);
  for (const Polygon& quad : finger_outer(side)) {
    add_polygon(*body, quad, kFingerFriction, kRobotGroup);
  }
  set_mass(*body, kFingerMass, kFingerInertia[side]);
  return body;
}

b2Body* add_block(b2World& world, Shape shape) {
  b2Body* body = add_dynamic(world);
  const std::vector<Polygon> parts = block_parts(shape);
  for (const Polygon& part : parts) add_polygon(*body, part, kBlockFriction);
  if (parts.empty()) add_circle(*body, kBlockSize, kBlockFriction);
  set_mass(*body, kBlockMass, block_inertia(shape));
  return body;
}

void FrictionProduct::apply(b2Contact* contact) {
  contact->SetFriction(contact->GetFixtureA()->GetFriction() *
                       contact->GetFixtureB()->GetFriction());
}

}  // namespace mint::envs
