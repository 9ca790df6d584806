#include "envs/world.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include <box2d/box2d.h>

#include "envs/block_geometry.h"
#include "envs/bodies.h"
#include "envs/robot_geometry.h"

namespace mint::envs {
namespace {

constexpr double kForwardSpeed = 0.8;   // units/s
constexpr double kBackwardSpeed = 0.6;  // units/s
constexpr double kTurn_rad = 1.5;       // heading offset while turning
constexpr double kMaxTurnRate = 2.5;    // rad/s
constexpr double kMaxFingerRate = 1;    // rad/s
constexpr double kFingerGain = 10;      // 1/s
constexpr double kFingerDeadRate = 1e-4;

constexpr double kRobotInertia = 0.02;
constexpr double kEyeInertia = 0.002;
constexpr double kEyeStiffness = 0.1;
constexpr double kEyeDamping = 0.003;

constexpr int kVelocityIterations = 10;
constexpr float kHingeStiffness = 1e8f;  // not scaled

// Top-down friction and the drive: a velocity constraint with a bounded force and torque.
b2Joint* add_friction(b2World& world, b2Body* reference, b2Body* body, double force,
                      double torque) {
  b2FrictionJointDef definition;
  definition.bodyA = reference;
  definition.bodyB = body;
  definition.maxForce = static_cast<float>(force * kWorldScale);
  definition.maxTorque = static_cast<float>(torque * kWorldScale * kWorldScale);
  definition.collideConnected = true;
  return world.CreateJoint(&definition);
}

// The original's loose hinge: only the velocity along the present hinge error is constrained.
void add_hinge(b2World& world, b2Body* robot, b2Body* finger, int side) {
  const Vec2 hinge = finger_hinge(side);
  b2DistanceJointDef definition;
  definition.bodyA = robot;
  definition.bodyB = finger;
  definition.localAnchorA = scaled(hinge.x, hinge.y);
  definition.localAnchorB.SetZero();
  definition.length = 0;
  definition.minLength = 0;
  definition.maxLength = 1000;
  definition.stiffness = kHingeStiffness;
  definition.damping = 0;
  world.CreateJoint(&definition);
}

b2MotorJoint* add_motor(b2World& world, b2Body* robot, b2Body* finger, double torque) {
  b2MotorJointDef definition;
  definition.bodyA = robot;
  definition.bodyB = finger;
  definition.maxForce = 0;
  definition.maxTorque = static_cast<float>(torque * kWorldScale * kWorldScale);
  definition.correctionFactor = 1;
  return static_cast<b2MotorJoint*>(world.CreateJoint(&definition));
}

// Whether the solver would leave every bit of a block as it is, now and until something touches it.
bool is_at_rest(const b2Body& block, const b2Joint& friction) {
  if (block.GetLinearVelocity() != b2Vec2_zero || block.GetAngularVelocity() != 0) return false;
  // What the friction would start its next solution from.
  if (friction.GetReactionForce(1) != b2Vec2_zero || friction.GetReactionTorque(1) != 0)
    return false;
  for (const b2ContactEdge* edge = block.GetContactList(); edge; edge = edge->next) {
    if (edge->contact->IsTouching()) return false;
  }
  return true;
}

BodyState advanced(BodyState state) {
  state.pose.x += state.vx * kSubstep_s;
  state.pose.y += state.vy * kSubstep_s;
  state.pose.angle += state.spin * kSubstep_s;
  return state;
}

}  // namespace

Command decode_action(int action) {
  if (action < 0 || action >= kActions) {
    throw std::out_of_range("action: expected 0..17, got " + std::to_string(action));
  }
  constexpr int kDrive[3] = {0, 1, -1};
  constexpr int kTurn[3] = {0, 1, -1};
  const int move = action % 9;
  return {kDrive[move % 3], kTurn[move / 3], action >= 9};
}

int encode_action(const Command& command) {
  const int drive = command.drive > 0 ? 1 : command.drive < 0 ? 2 : 0;
  const int turn = command.turn > 0 ? 1 : command.turn < 0 ? 2 : 0;
  return (command.closed ? 9 : 0) + 3 * turn + drive;
}

// Box2D integrates positions at the end of a step, the original at the beginning. So the bodies
// here always stand where the original will be after its next integration, while `now` holds what
// the original shows: the poses before the last Step and the velocities after it.
struct World::Simulation {
  Simulation(Scene scene, State start);

  void substep(const Command& command);
  void rest();

  b2World world{b2Vec2_zero};
  ContactRules contact_rules;
  b2Body* control = nullptr;
  b2Body* robot = nullptr;
  std::array<b2Body*, 2> fingers = {};
  std::array<b2MotorJoint*, 2> motors = {};
  std::vector<b2Body*> blocks;
  std::vector<b2Joint*> block_frictions;

  Scene scene;
  State now;

 private:
  void steer(const Command& command);
  void move_fingers(const Command& command);
  void turn_eyes();

  // visit(body, its entry in `now`), for all that may have moved
  template <typename Visit>
  void for_each_body(Visit visit) {
    visit(*robot, now.robot);
    for (const int side : {kLeft, kRight}) visit(*fingers[side], now.fingers[side]);
    for (size_t i = 0; i < blocks.size(); ++i) {
      if (blocks[i]->IsAwake()) visit(*blocks[i], now.blocks[i]);
    }
  }
};

World::Simulation::Simulation(Scene scene_in, State start)
    : scene(std::move(scene_in)), now(std::move(start)) {
  world.SetAllowSleeping(false);
  world.SetContinuousPhysics(false);
  world.SetContactListener(&contact_rules);
  add_walls(world);
  b2BodyDef definition;
  b2Body* ground = world.CreateBody(&definition);
  const Dynamics& dynamics = scene.dynamics;
  for (const Block& block : scene.blocks) {
    blocks.push_back(add_block(world, block.shape));
    block_frictions.push_back(add_friction(world, ground, blocks.back(),
                                           dynamics.block_linear_friction,
                                           dynamics.block_angular_friction));
  }
  definition.type = b2_kinematicBody;
  control = world.CreateBody(&definition);
  robot = add_robot_body(world);
  add_friction(world, control, robot, dynamics.drive_force, dynamics.steering_torque);
  for (const int side : {kLeft, kRight}) {
    fingers[side] = add_finger(world, side);
    add_hinge(world, robot, fingers[side], side);
    motors[side] = add_motor(world, robot, fingers[side], dynamics.finger_torque);
  }
  for_each_body([](b2Body& body, BodyState& state) { set_state(body, advanced(state)); });
}

// Controls come from the poses before the previous Step, but from the present angular velocity.
void World::Simulation::steer(const Command& command) {
  const double angle = now.robot.pose.angle;
  const double speed = command.drive > 0 ? kForwardSpeed : command.drive < 0 ? -kBackwardSpeed : 0;
  const double offset = command.turn * kTurn_rad;
  const double spin = robot->GetAngularVelocity();
  const double target = std::clamp(offset / kSubstep_s - spin, -kMaxTurnRate, kMaxTurnRate);
  control->SetTransform(b2Vec2_zero, 0);  // where it is does not matter
  control->SetLinearVelocity(scaled(-std::sin(angle) * speed, std::cos(angle) * speed));
  control->SetAngularVelocity(static_cast<float>(target));
}

void World::Simulation::move_fingers(const Command& command) {
  const double target = command.closed ? 0 : kFingerOpen_rad;
  for (const int side : {kLeft, kRight}) {
    const double rel = now.fingers[side].pose.angle - now.robot.pose.angle;
    const double error = rel + side_sign(side) * target;
    double rate = std::clamp(kFingerGain * error, -kMaxFingerRate, kMaxFingerRate);
    if (std::abs(rate) < kFingerDeadRate) rate = 0;
    const double rel_now = fingers[side]->GetAngle() - robot->GetAngle();
    motors[side]->SetAngularOffset(static_cast<float>(rel_now - rate * kSubstep_s));
  }
}

// Each eye hangs on a damped spring; its reaction turns the robot a little.
void World::Simulation::turn_eyes() {
  static const double kDecay =
      std::exp(-kEyeDamping * kSubstep_s * (1 / kRobotInertia + 1 / kEyeInertia));
  double spin = robot->GetAngularVelocity();
  for (const int side : {kLeft, kRight}) {
    double& eye_spin = now.eye_spins[side];
    now.eye_angles[side] += eye_spin * kSubstep_s;
    const double impulse = kEyeStiffness * (robot->GetAngle() - now.eye_angles[side]) * kSubstep_s;
    spin -= impulse / kRobotInertia;
    eye_spin += impulse / kEyeInertia;
    const double damping = (spin - eye_spin) * (1 - kDecay) / (1 / kRobotInertia + 1 / kEyeInertia);
    spin -= damping / kRobotInertia;
    eye_spin += damping / kEyeInertia;
  }
  robot->SetAngularVelocity(static_cast<float>(spin));
}

void World::Simulation::substep(const Command& command) {
  steer(command);
  move_fingers(command);
  for_each_body([](b2Body& body, BodyState& state) { state.pose = pose_of(body); });
  turn_eyes();
  world.Step(static_cast<float>(kSubstep_s), kVelocityIterations,
             ContactRules::kPositionIterations);
  for_each_body(take_velocity);
}

// Blocks that lie still go to sleep, which spares most of the work in a scene with many of them.
// Box2D wakes what is touched before it solves the contact, so that this changes no result.
void World::Simulation::rest() {
  for (size_t i = 0; i < blocks.size(); ++i) {
    b2Body& block = *blocks[i];
    if (block.IsAwake() && is_at_rest(block, *block_frictions[i])) block.SetAwake(false);
  }
}

World::World(const Scene& scene, const WorldOptions& options) : options_(options) {
  fill_contact_table();
  simulation_ = std::make_unique<Simulation>(scene, initial_state(scene));
}

World::~World() = default;
World::World(World&&) noexcept = default;
World& World::operator=(World&&) noexcept = default;

void World::step(int action, std::array<State, kSubsteps>* substeps) {
  const Command command = decode_action(action);
  for (int i = 0; i < kSubsteps; ++i) {
    simulation_->substep(command);
    if (substeps) (*substeps)[i] = simulation_->now;
  }
  if (options_.rest_blocks) simulation_->rest();
}

const State& World::state() const {
  return simulation_->now;
}

void World::restore(const State& state) {
  const size_t blocks = simulation_->scene.blocks.size();
  if (state.blocks.size() != blocks) {
    throw std::invalid_argument("World: state.blocks: expected " + std::to_string(blocks) +
                                " blocks, got " + std::to_string(state.blocks.size()));
  }
  // A new simulation: contacts left over from another state would make a difference. The old one
  // goes first, because two at once make the heap grow and shrink with every call.
  State start = state;  // it may be the old one's
  Scene scene = std::move(simulation_->scene);
  simulation_.reset();
  simulation_ = std::make_unique<Simulation>(std::move(scene), std::move(start));
}

}  // namespace mint::envs
