// Places and outlines of the robot's parts (sections 4 and 7 of the MAGICAL page). Shared by
// physics, placement, drawing and the experts. The robot looks along its local +y axis.
#pragma once

#include <array>
#include <cmath>

#include "envs/geometry.h"
#include "envs/scene.h"

namespace mint::envs {

inline constexpr double kRobotRadius = 0.2;
inline constexpr double kRobotInnerRadius = 0.19;  // drawn in the lighter grey

inline constexpr int kLeft = 0;  // index of a finger or an eye
inline constexpr int kRight = 1;

// -1 for the left part, +1 for the right one: the "s" of the page.
constexpr double side_sign(int side) {
  return side == kLeft ? -1 : 1;
}

// Fingers: rel = finger angle - body angle lies in [0, pi/8] for the left and in [-pi/8, 0] for
// the right one; 0 is closed.
inline constexpr double kFingerOpen_rad = M_PI / 8;
inline constexpr double kFingerBend_rad = M_PI / 8;
inline constexpr double kFingerThickness = 0.05;
inline constexpr double kUpperArmLength = 0.22;
inline constexpr double kForearmLength = 0.14;

Vec2 finger_hinge(int side);  // in the main body's frame

// The two quads of a finger, {upper arm, forearm}, in the finger's frame (origin = hinge). `outer`
// collides and is drawn in grey, `inner` is drawn over it.
std::array<Polygon, 2> finger_outer(int side);
std::array<Polygon, 2> finger_inner(int side);

// The pose of a finger whose hinge is exactly in place; `rel` is its angle to the body.
Pose finger_pose(const Pose& robot, int side, double rel);

// Eyes, in the main body's frame.
inline constexpr double kEyeRadius = 0.04;
inline constexpr double kPupilRadius = 0.024;
inline constexpr double kPupilOffset = 0.014;  // along the eye's own +y axis
inline constexpr int kEyeCorners = 20;
inline constexpr int kPupilCorners = 10;
Vec2 eye_centre(int side);

}  // namespace mint::envs
