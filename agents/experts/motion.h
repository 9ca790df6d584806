// How the experts drive: where the robot will come to rest, turning to a heading, driving to a
// point. Pure functions of the visible state; each returns the command of one control step.
#pragma once

#include "envs/geometry.h"
#include "envs/scene.h"
#include "envs/world.h"

namespace mint::experts {

// What one control step of turning adds, from rest to rest.
inline constexpr double kTurnStep_rad = 0.31;

double wrap(double angle);           // into [-pi, pi)
envs::Vec2 forward(double heading);  // unit vector
double heading_to(const envs::Vec2& from, const envs::Vec2& to);
envs::Vec2 position(const envs::Pose& pose);
envs::Vec2 to_local(const envs::Pose& pose, const envs::Vec2& point);

// Where the free robot comes to rest if it stops now.
envs::Pose rest_pose(const envs::BodyState& robot);

// The turn of one control step that leaves a smaller error than none: -1, 0 or 1.
int turn_towards(double error);

// Turns in place until `heading` cannot be met better; then the command stands still. With
// `is_precise` it also uses half steps (a turn and a counter-turn).
envs::Command face(const envs::State& state, double heading, bool is_precise = false);

// Whether turning in place by `angle` would sweep the gripper over a block or a wall. The block
// `held` is part of the gripper, -1 for none.
bool is_turn_blocked(const envs::State& state, double angle, int held = -1);

// Turns in place towards `error`, but backs off first where the gripper would sweep something away.
envs::Command turn_clear(const envs::State& state, double error, int held = -1);

// Drives to `point` and stops there, forwards or, when it is near and behind, backwards: first
// turns roughly, then drives and turns at once.
envs::Command drive_to(const envs::State& state, const envs::Vec2& point);

// Whether drive_to would stand still.
bool has_arrived(const envs::State& state, const envs::Vec2& point);

}  // namespace mint::experts
