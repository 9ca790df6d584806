#include "envs/robot_geometry.h"

namespace mint::envs {
namespace {

std::array<Polygon, 2> finger(int side, double upper, double fore, double thickness, double shift) {
  const double s = side_sign(side);
  const double half = thickness / 2;
  Polygon upper_arm = rectangle(-half, 0, half, upper);
  const Vec2 centre = Vec2{s * half, upper} + rotate({-s * half, fore / 2}, s * kFingerBend_rad);
  Polygon forearm = to_world({centre.x, centre.y, s * kFingerBend_rad},
                             rectangle(-half, -fore / 2, half, fore / 2));
  for (Vec2& v : upper_arm) v.y += shift;
  for (Vec2& v : forearm) v.y += shift;
  return {upper_arm, forearm};
}

}  // namespace

Vec2 finger_hinge(int side) {
  return {side_sign(side) * 0.09, 0.02};
}

std::array<Polygon, 2> finger_outer(int side) {
  return finger(side, kUpperArmLength, kForearmLength, kFingerThickness, 0);
}

std::array<Polygon, 2> finger_inner(int side) {
  const double inset = 0.01;  // the drawn rim
  return finger(side, kUpperArmLength - 2 * inset, kForearmLength - 2 * inset,
                kFingerThickness - 2 * inset, inset);
}

Pose finger_pose(const Pose& robot, int side, double rel) {
  const Vec2 hinge = to_world(robot, finger_hinge(side));
  return {hinge.x, hinge.y, robot.angle + rel};
}

Vec2 eye_centre(int side) {
  return {side_sign(side) * 0.08, 0.06};
}

}  // namespace mint::envs
