#include "envs/scene.h"

#include <stdexcept>

#include "envs/robot_geometry.h"

namespace mint::envs {
namespace {

constexpr std::array<const char*, 4> kColourNames = {"red", "green", "blue", "yellow"};
constexpr std::array<const char*, 7> kShapeNames = {"square",   "pentagon", "star",   "circle",
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

int count(const Scene& scene, EntityKind kind) {
  if (kind == EntityKind::kRegion) return static_cast<int>(scene.regions.size());
  return kind == EntityKind::kBlock ? static_cast<int>(scene.blocks.size()) : 1;
}

}  // namespace

std::vector<EntityRef> entities(const Scene& scene, std::initializer_list<EntityKind> kinds) {
  std::vector<EntityRef> result;
  result.reserve(scene.regions.size() + scene.blocks.size() + 1);
  for (const EntityKind kind : kinds) {
    for (int i = 0; i < count(scene, kind); ++i) result.push_back({kind, i});
  }
  return result;
}

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
  return kColourNames.at(static_cast<size_t>(colour));
}

const char* to_string(Shape shape) {
  return kShapeNames.at(static_cast<size_t>(shape));
}

Colour parse_colour(const std::string& name) {
  return parse<Colour>(kColourNames, name, "colour");
}

Shape parse_shape(const std::string& name) {
  return parse<Shape>(kShapeNames, name, "shape");
}

}  // namespace mint::envs
