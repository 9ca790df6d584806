// What a task instance is before any physics: plain values, no simulator.
//
// A task and a variant with a seed give a Scene (envs/task.h); a Scene put into Box2D is a World
// (envs/world.h). World units: the arena is [-1, 1] x [-1, 1], x right, y up; angles in radians,
// counter-clockwise, unbounded (never wrapped).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace mint::envs {

struct Pose {
  double x = 0;
  double y = 0;
  double angle = 0;  // rad
};

enum class Colour : uint8_t { kRed, kGreen, kBlue, kYellow };
inline constexpr std::array<Colour, 4> kColours = {Colour::kRed, Colour::kGreen, Colour::kBlue,
                                                   Colour::kYellow};
enum class Shape : uint8_t { kSquare, kPentagon, kStar, kCircle, kTriangle, kHexagon, kOctagon };
inline constexpr size_t kShapeCount = 7;

struct Block {
  Shape shape = Shape::kSquare;
  Colour colour = Colour::kRed;
  Pose pose;  // of the centre
};

// An axis-aligned goal rectangle; (x, y) is its top-left corner: it covers [x, x+w] x [y-h, y].
struct Region {
  Colour colour = Colour::kBlue;
  double x = 0;
  double y = 0;
  double w = 0;
  double h = 0;
};

// The five variables that the dynamics variants draw anew; defaults are the Demo values.
struct Dynamics {
  double drive_force = 3;               // largest force of the drive
  double steering_torque = 1;           // largest torque of the steering
  double finger_torque = 4;             // largest torque of a finger motor
  double block_linear_friction = 1.5;   // largest top-down friction force on a block
  double block_angular_friction = 0.1;  // largest top-down friction torque on a block
};

enum class EntityKind : uint8_t { kRegion, kBlock, kRobot };

struct EntityRef {
  EntityKind kind = EntityKind::kRobot;
  int index = 0;  // into Scene::regions or Scene::blocks; 0 for the robot
};

struct Scene {
  std::string task;     // "MoveToRegion"
  std::string variant;  // "Demo", "TestJitter"
  Pose robot;
  std::vector<Region> regions;
  std::vector<Block> blocks;
  std::vector<EntityRef> draw_order;  // first drawn first
  Dynamics dynamics;
  // What the score needs to know beyond the geometry. Indices into `blocks` and `regions`; the
  // meaning of the list is the task's own (its header says which entries it uses).
  int goal_region = -1;
  std::vector<int> targets;
};

// No task has more blocks in a scene.
inline constexpr size_t kMostBlocks = 10;

// All entities of `scene`, kind by kind in the order of `kinds`, each kind by its index.
std::vector<EntityRef> entities(const Scene& scene, std::initializer_list<EntityKind> kinds);

struct BodyState {
  Pose pose;
  double vx = 0;    // units/s
  double vy = 0;    // units/s
  double spin = 0;  // rad/s
};

// Everything that moves. Poses are those reported after a control step (the original shows and
// scores the poses before the last solved velocity acts), velocities those after it.
struct State {
  BodyState robot;                            // main body
  std::array<BodyState, 2> fingers;           // left, right; position = hinge
  std::array<double, 2> eye_angles = {0, 0};  // left, right; world, rad
  std::array<double, 2> eye_spins = {0, 0};   // rad/s
  std::vector<BodyState> blocks;              // as Scene::blocks
};

// The state of a scene at reset: everything at rest, gripper fully open, eyes straight.
State initial_state(const Scene& scene);

// Names as they stand in files: "red", "square". The parsers throw std::invalid_argument.
const char* to_string(Colour colour);
const char* to_string(Shape shape);
Colour parse_colour(const std::string& name);
Shape parse_shape(const std::string& name);

}  // namespace mint::envs
