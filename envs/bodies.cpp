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
  for (const Vec2& v : shrunk(polygon, kPolygonSkin)) corners[count++] = scaled(v.x, v.y);
  b2PolygonShape shape;
  shape.Set(corners, count);
  add_fixture(body, shape, friction, group);
}

void add_circle(b2Body& body, double radius, float friction, int16 group = 0) {
  b2CircleShape shape;
  shape.m_radius = static_cast<float>(radius * kWorldScale);
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

// The separation that Box2D must see for its position iteration to do what the original does. It
// removes b2_baumgarte of any overlap beyond b2_linearSlop.
float tolerated(float separation) {
  constexpr float kAllowed = static_cast<float>(kOverlapAllowed * kWorldScale);
  constexpr float kRemoved = static_cast<float>(kOverlapRemoved) / b2_baumgarte;
  const float beyond = separation + kAllowed;  // negative where the shapes overlap too much
  return beyond < 0 ? kRemoved * beyond - b2_linearSlop : 0;
}

}  // namespace

void fill_contact_table() {
  static const bool is_filled = [] {
    b2World world(b2Vec2_zero);
    b2BodyDef definition;
    definition.type = b2_dynamicBody;
    b2CircleShape shape;
    shape.m_radius = 1;
    for (int i = 0; i < 2; ++i) world.CreateBody(&definition)->CreateFixture(&shape, 1);
    world.Step(1.0f / 80, 1, 1);
    return true;
  }();
  (void)is_filled;
}

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

void ContactRules::multiply_friction(b2Contact* contact) {
  contact->SetFriction(contact->GetFixtureA()->GetFriction() *
                       contact->GetFixtureB()->GetFriction());
}

void ContactRules::tolerate_overlap(b2Contact* contact) {
  const b2Fixture& a = *contact->GetFixtureA();
  const b2Fixture& b = *contact->GetFixtureB();
  const float radii = a.GetShape()->m_radius + b.GetShape()->m_radius;
  b2Manifold& manifold = *contact->GetManifold();
  if (manifold.type == b2Manifold::e_circles) {
    const b2Vec2 centre_a = a.GetBody()->GetWorldPoint(manifold.localPoint);
    b2Vec2 normal = b.GetBody()->GetWorldPoint(manifold.points[0].localPoint) - centre_a;
    const float separation = normal.Normalize() - radii;
    const float shift = tolerated(separation) - separation;
    manifold.localPoint = a.GetBody()->GetLocalPoint(centre_a - shift * normal);
    return;
  }
  const bool is_face_of_a = manifold.type == b2Manifold::e_faceA;
  const b2Body& face = is_face_of_a ? *a.GetBody() : *b.GetBody();
  const b2Body& other = is_face_of_a ? *b.GetBody() : *a.GetBody();
  const b2Vec2 normal = face.GetWorldVector(manifold.localNormal);
  const b2Vec2 on_face = face.GetWorldPoint(manifold.localPoint);
  for (int i = 0; i < manifold.pointCount; ++i) {
    b2Vec2& local = manifold.points[i].localPoint;
    const b2Vec2 point = other.GetWorldPoint(local);
    const float separation = b2Dot(point - on_face, normal) - radii;
    local = other.GetLocalPoint(point + (tolerated(separation) - separation) * normal);
  }
}

}  // namespace mint::envs
