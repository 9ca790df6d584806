// From a demonstration to its segments (agents/experts/segments.h), whatever it knows of its
// states: recorded ones hold them, those of imported ones are measured from the frames.
#pragma once

#include <string>

#include "agents/experts/segments.h"
#include "envs/scene.h"
#include "training/demonstrations.h"

namespace mint::training {

struct SegmentedDemonstration {
  std::string name;  // "demo_7"
  envs::Scene scene;
  experts::Outline outline;
};

// Throws std::runtime_error, `what: expected X, got Y` without the file and the name, unless the
// episode is a whole one of a task in Demo with score 1 in which the robot moves a block (or, where
// there is none, itself), and its frames, where they are needed, are pictures of that.
SegmentedDemonstration segment_demonstration(const std::string& name, const Episode& episode);

}  // namespace mint::training
