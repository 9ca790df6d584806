#include "envs/collisions.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>

#include <box2d/box2d.h>

#include "envs/bodies.h"
#include "envs/random.h"

namespace mint::envs {
namespace {

constexpr int kSubstepsOfFrame = 4;
constexpr int kQuietFrames = 5;         // without touch before another collision of a pair
constexpr double kCubeHalfSide = 0.86;  // of the size
constexpr double kPrismRadius = 1.0;    // circumradius, of the size
constexpr double kPrismHeight = 1.75;   // of the size

// How one object starts.
struct Plan {
  int entry_frame = 0;  // until then it does not take part
  SolidState start;
};

int sample_weighted(Random& random, const double* weights, int count) {
  double left = random.uniform(0, std::accumulate(weights, weights + count, 0.0));
  for (int i = 0; i < count; ++i) {
    left -= weights[i];
    if (left < 0) return i;
  }
  return count - 1;
}

std::vector<Solid> sample_solids(const CollisionsConfig& config, Random& random) {
  const int count = 1 + sample_weighted(random, config.object_weights, 6);
  std::vector<Solid> solids;
  while (static_cast<int>(solids.size()) < count) {
    Solid solid;
    solid.shape = static_cast<SolidShape>(random.below(kSolidShapes));
    solid.material = static_cast<SolidMaterial>(random.below(kSolidMaterials));
    solid.colour = static_cast<SolidColour>(random.below(kSolidColours));
    solid.size = random.uniform(config.size_min, config.size_max);
    const bool is_new = std::none_of(solids.begin(), solids.end(), [&](const Solid& other) {
      return other.shape == solid.shape && other.material == solid.material &&
             other.colour == solid.colour;
    });
    if (is_new) solids.push_back(solid);
  }
  return solids;
}

// A point of the ground that is seen at least `margin_px` from the border of the picture.
Vec2 sample_in_view(const CollisionsCamera& camera, double margin_px, Random& random) {
  const double column = random.uniform(margin_px, camera.width_px - margin_px);
  const double row = random.uniform(margin_px, camera.height_px - margin_px);
  return ground_point(camera, column, row);
}

bool is_free(const std::vector<Solid>& solids, const std::vector<Plan>& plans, size_t index,
             Vec2 point, double gap) {
  for (size_t other = 0; other < index; ++other) {
    const Pose& pose = plans[other].start.pose;
    const double distance = length(point - Vec2{pose.x, pose.y});
    if (distance < outer_radius(solids[other]) + outer_radius(solids[index]) + gap) return false;
  }
  return true;
}

// Outside the picture, in the direction of a point of its border, just so far that nothing shows.
Vec2 sample_outside(const CollisionsCamera& camera, const Solid& solid, Random& random) {
  const int side = random.below(4);
  const double along = random.uniform(0.1, 0.9);
  const double column = side == 0 ? 0 : side == 1 ? camera.width_px : along * camera.width_px;
  const double row = side == 2 ? 0 : side == 3 ? camera.height_px : along * camera.height_px;
  const Vec2 border = ground_point(camera, column, row);
  const Vec2 centre = ground_point(camera, camera.width_px / 2.0, camera.height_px / 2.0);
  const Vec2 outwards = (1 / length(border - centre)) * (border - centre);
  Vec2 point = border;
  while (is_in_view(camera, solid, {point.x, point.y, 0})) point = point + 0.05 * outwards;
  return point;
}

Plan sample_entry(const CollisionsConfig& config, const std::vector<Solid>& solids,
                  const std::vector<Plan>& plans, size_t index, Random& random) {
  Plan plan;
  plan.entry_frame = random.below(config.last_entry + 1);
  const Vec2 from = sample_outside(config.camera, solids[index], random);
  const bool is_aimed = random.uniform(0, 1) < config.aimed;
  Vec2 target = sample_in_view(config.camera, 3 * config.resting_margin_px, random);
  if (is_aimed && index > 0) {
    const Pose& pose = plans[random.below(static_cast<int>(index))].start.pose;
    const Vec2 there{pose.x, pose.y};
    const Projection seen = project(config.camera, {there.x, there.y, 0});
    const bool is_visible = seen.column > 0 && seen.column < config.camera.width_px &&
                            seen.row > 0 && seen.row < config.camera.height_px;
    if (is_visible) target = there;
  }
  const Vec2 path = target - from;
  const double angle = std::atan2(path.y, path.x) + random.uniform(-0.04, 0.04);
  const double speed = random.uniform(config.speed_min, config.speed_max);
  plan.start.pose = {from.x, from.y, random.uniform(0, 2 * M_PI)};
  plan.start.vx = speed * std::cos(angle);
  plan.start.vy = speed * std::sin(angle);
  return plan;
}

std::vector<Plan> sample_plans(const CollisionsConfig& config, const std::vector<Solid>& solids,
                               Random& random) {
  std::vector<Plan> plans;
  for (size_t i = 0; i < solids.size(); ++i) {
    bool enters = random.uniform(0, 1) < config.entering;
    Plan plan;
    for (int tries = 0; !enters; ++tries) {
      const Vec2 point = sample_in_view(config.camera, config.resting_margin_px, random);
      plan.start.pose = {point.x, point.y, random.uniform(0, 2 * M_PI)};
      if (is_free(solids, plans, i, point, config.resting_gap)) break;
      enters = tries == 100;  // the picture is full
    }
    plans.push_back(enters ? sample_entry(config, solids, plans, i, random) : plan);
  }
  return plans;
}

// Notes which pairs touch, frame by frame.
class CollisionLog : public b2ContactListener {
 public:
  int frame = 0;
  std::vector<Collision> collisions;

  void PreSolve(b2Contact* contact, const b2Manifold*) override {
    const auto index = [](b2Fixture* fixture) {
      return static_cast<int>(fixture->GetBody()->GetUserData().pointer);
    };
    std::pair<int, int> pair{index(contact->GetFixtureA()), index(contact->GetFixtureB())};
    if (pair.first > pair.second) std::swap(pair.first, pair.second);
    const auto [last, is_first] = last_touch_.emplace(pair, frame);
    if (is_first || frame - last->second > kQuietFrames) {
      b2WorldManifold manifold;
      contact->GetWorldManifold(&manifold);
      const b2Vec2 where = manifold.points[0];
      collisions.push_back(
          {frame, pair.first, pair.second, {where.x / kWorldScale, where.y / kWorldScale}});
    }
    last->second = frame;
  }

 private:
  std::map<std::pair<int, int>, int> last_touch_;
};

class Simulation {
 public:
  Simulation(const CollisionsConfig& config, const std::vector<Solid>& solids,
             const std::vector<Plan>& plans)
      : config_(config), solids_(solids), plans_(plans) {
    world_.SetAllowSleeping(false);
    world_.SetContactListener(&log_);
    b2BodyDef definition;
    ground_ = world_.CreateBody(&definition);
    for (size_t i = 0; i < solids.size(); ++i) bodies_.push_back(add(i));
  }

  CollisionsVideo run() {
    CollisionsVideo video;
    video.solids = solids_;
    for (int frame = 0; frame < config_.frames; ++frame) {
      log_.frame = frame;
      for (size_t i = 0; i < bodies_.size(); ++i) enter_if_due(i, frame);
      video.frames.push_back(states());
      const double substep_s = 1 / (config_.frames_per_s * kSubstepsOfFrame);
      for (int i = 0; i < kSubstepsOfFrame; ++i) {
        world_.Step(static_cast<float>(substep_s), 8, 3);
      }
    }
    video.collisions = log_.collisions;
    return video;
  }

 private:
  b2Body* add(size_t index) {
    const Solid& solid = solids_[index];
    b2BodyDef definition;
    definition.type = b2_dynamicBody;
    definition.enabled = false;
    definition.linearDamping = static_cast<float>(config_.linear_damping);
    definition.angularDamping = static_cast<float>(config_.angular_damping);
    definition.userData.pointer = index;
    const SolidState& start = plans_[index].start;
    definition.position = scaled(start.pose.x, start.pose.y);
    definition.angle = static_cast<float>(start.pose.angle);
    b2Body* body = world_.CreateBody(&definition);
    add_shape(*body, solid);
    add_friction(*body);
    return body;
  }

  void add_shape(b2Body& body, const Solid& solid) {
    b2FixtureDef definition;
    definition.density = 1;
    definition.friction = static_cast<float>(config_.contact_friction);
    definition.restitution = static_cast<float>(config_.restitution);
    b2CircleShape circle;
    b2PolygonShape polygon;
    if (solid.shape == SolidShape::kSphere) {
      circle.m_radius = static_cast<float>(solid.size * kWorldScale);
      definition.shape = &circle;
    } else {
      std::vector<b2Vec2> corners;
      for (const Vec2 corner : top_view(solid)) corners.push_back(scaled(corner.x, corner.y));
      polygon.Set(corners.data(), static_cast<int32>(corners.size()));
      definition.shape = &polygon;
    }
    body.CreateFixture(&definition);
  }

  void add_friction(b2Body& body) {
    b2FrictionJointDef definition;
    definition.bodyA = ground_;
    definition.bodyB = &body;
    const double force = body.GetMass() * config_.friction_deceleration * kWorldScale;
    definition.maxForce = static_cast<float>(force);
    const double arm = 0.5 * outer_radius(solids_[body.GetUserData().pointer]) * kWorldScale;
    definition.maxTorque = static_cast<float>(force * arm);
    definition.collideConnected = true;
    world_.CreateJoint(&definition);
  }

  // Waits while another one stands in the way.
  void enter_if_due(size_t index, int frame) {
    b2Body& body = *bodies_[index];
    if (body.IsEnabled() || frame < plans_[index].entry_frame) return;
    for (size_t other = 0; other < bodies_.size(); ++other) {
      if (other == index || !bodies_[other]->IsEnabled()) continue;
      const b2Vec2 between = bodies_[other]->GetPosition() - body.GetPosition();
      const double reach = outer_radius(solids_[index]) + outer_radius(solids_[other]);
      if (between.Length() < reach * kWorldScale) return;
    }
    body.SetEnabled(true);
    const SolidState& start = plans_[index].start;
    body.SetLinearVelocity(scaled(start.vx, start.vy));
  }

  std::vector<SolidState> states() const {
    std::vector<SolidState> result;
    for (const b2Body* body : bodies_) {
      const b2Vec2 velocity = body->GetLinearVelocity();
      result.push_back({pose_of(*body), velocity.x / kWorldScale, velocity.y / kWorldScale,
                        body->GetAngularVelocity()});
    }
    return result;
  }

  const CollisionsConfig& config_;
  const std::vector<Solid>& solids_;
  const std::vector<Plan>& plans_;
  CollisionLog log_;
  b2World world_{b2Vec2_zero};
  b2Body* ground_ = nullptr;
  std::vector<b2Body*> bodies_;
};

}  // namespace

const char* name_of(SolidShape shape) {
  constexpr const char* kNames[kSolidShapes] = {"sphere", "cube", "cylinder"};
  return kNames[static_cast<int>(shape)];
}

const char* name_of(SolidMaterial material) {
  return material == SolidMaterial::kMetal ? "metal" : "rubber";
}

const char* name_of(SolidColour colour) {
  constexpr const char* kNames[kSolidColours] = {"gray",  "red",  "blue",   "green",
                                                 "brown", "cyan", "purple", "yellow"};
  return kNames[static_cast<int>(colour)];
}

double outer_radius(const Solid& solid) {
  if (solid.shape == SolidShape::kCube) return std::sqrt(2.0) * kCubeHalfSide * solid.size;
  return (solid.shape == SolidShape::kCylinder ? kPrismRadius : 1) * solid.size;
}

double height(const Solid& solid) {
  if (solid.shape == SolidShape::kCube) return 2 * kCubeHalfSide * solid.size;
  return (solid.shape == SolidShape::kCylinder ? kPrismHeight : 2) * solid.size;
}

Polygon top_view(const Solid& solid) {
  if (solid.shape == SolidShape::kCylinder) return regular_polygon(6, kPrismRadius * solid.size);
  const double half = kCubeHalfSide * solid.size;
  return rectangle(-half, -half, half, half);
}

bool is_in_view(const CollisionsCamera& camera, const Solid& solid, const Pose& pose) {
  const double half_height = height(solid) / 2;
  const Projection seen = project(camera, {pose.x, pose.y, half_height});
  if (seen.depth < 0.5) return false;
  const double reach =
      camera.focal_px * std::hypot(outer_radius(solid), half_height) / seen.depth * 1.05;
  return seen.column > -reach && seen.column < camera.width_px + reach && seen.row > -reach &&
         seen.row < camera.height_px + reach;
}

CollisionsVideo simulate_collisions(const CollisionsConfig& config, uint64_t seed) {
  const auto* weights = config.object_weights;
  const bool has_weights = std::all_of(weights, weights + 6, [](double w) { return w >= 0; }) &&
                           std::any_of(weights, weights + 6, [](double w) { return w > 0; });
  if (config.frames < 1 || !(config.frames_per_s > 0) || !has_weights) {
    throw std::invalid_argument(
        "simulate_collisions: config: expected frames, a frame rate and a positive weight, got " +
        std::to_string(config.frames) + " frames at " + std::to_string(config.frames_per_s));
  }
  fill_contact_table();
  Random random(derive_seed(seed, "collisions"));
  const std::vector<Solid> solids = sample_solids(config, random);
  const std::vector<Plan> plans = sample_plans(config, solids, random);
  return Simulation(config, solids, plans).run();
}

}  // namespace mint::envs
