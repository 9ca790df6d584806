#include "envs/scene.h"

#include <stdexcept>

#include "envs/robot_geometry.h"

namespace mint::envs {
namespace {

constexpr std::array<const char*, 4> kColours = {"red", "green", "blue", "yellow"};
constexpr std::array<const char*, 7> kShapes = {"square",   "pentagon", "star",   "circle",
                                                "triangle", "hexagon",  "octagon"};

template <typename Value, size_t N>
Value parse(const std::array<const char*, N>& names, const std::string& name, const char* what) {
  std::string known;
  for (size_t i = 0; i < N; ++i) {
    if (name == names[i]) return static_cast<Value>(i);
    known += (i == 0 ? "" : ", ") + std::string(names[i]);
  }
  throw std::invalid_argument(std::string(what) + ": expected one of " + known + ", got \"" + name +
                              "\"");
}

}  // namespace

State initial_state(const Scene& scene) {
  State state;
  state.robot.pose = scene.robot;
  for (const int side : {kLeft, kRight}) {
    state.fingers[side].pose = finger_pose(scene.robot, side, -side_sign(side) * kFingerOpen_rad);
  }
  state.eye_angles = {scene.robot.angle, scene.robot.angle};
  for (const Block& block : scene.blocks) {
    BodyState body;
    body.pose = block.pose;
    state.blocks.push_back(body);
  }
  return state;
}

const char* to_string(Colour colour) {
  return kColours.at(static_cast<size_t>(colour));
}

const char* to_string(Shape shape) {
  return kShapes.at(static_cast<size_t>(shape));
}

Colour parse_colour(const std::string& name) {
  return parse<Colour>(kColours, name, "colour");
}

Shape parse_shape(const std::string& name) {
  return parse<Shape>(kShapes, name, "shape");
}

}  // namespace mint::envs
