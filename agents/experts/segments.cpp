#include "agents/experts/segments.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "agents/experts/motion.h"
#include "agents/experts/pick_and_place.h"
#include "envs/region.h"

namespace mint::experts {

using envs::Scene;
using envs::State;
using envs::Vec2;

namespace {

constexpr double kMoving = 0.008;     // a block that moves farther in a control step is moving
constexpr int kPause = 6;             // steps of rest within one segment
constexpr double kMoved = 0.08;       // shorter segments are dropped
constexpr int kGraspBefore = 8;       // steps before a block moves in which it may be gripped
constexpr double kNearAnchor = 0.15;  // nearer anchors count little more

Vec2 place(const State& state, int block) {
  return position(state.blocks.at(block).pose);
}

// The segments of one block, however short.
std::vector<Segment> motions(const std::vector<State>& states, int block) {
  std::vector<Segment> found;
  for (int t = 0; t + 1 < static_cast<int>(states.size()); ++t) {
    if (envs::length(place(states[t + 1], block) - place(states[t], block)) < kMoving) continue;
    if (found.empty() || t > found.back().end + kPause) {
      Segment segment;
      segment.block = block;
      segment.begin = t;
      found.push_back(segment);
    }
    found.back().end = t + 1;
  }
  return found;
}

void look_at_grasp(const std::vector<State>& states, Segment& segment) {
  const State& begin = states[segment.begin];
  segment.heading = heading_to(position(begin.robot.pose), place(begin, segment.block));
  for (int t = std::max(segment.begin - kGraspBefore, 0); t < segment.end; ++t) {
    if (!is_held(states[t], segment.block)) continue;
    segment.is_gripped = true;
    segment.heading = states[t].robot.pose.angle;
    return;
  }
}

// The segments of one block, without bumps told apart.
std::vector<Segment> segments_of(const std::vector<State>& states, int block) {
  std::vector<Segment> kept;
  for (Segment segment : motions(states, block)) {
    segment.from = place(states[segment.begin], block);
    segment.to = place(states[segment.end], block);
    if (envs::length(segment.to - segment.from) < kMoved) continue;
    look_at_grasp(states, segment);
    kept.push_back(segment);
  }
  return kept;
}

double span(const Segment& segment) {
  return envs::length(segment.to - segment.from);
}

// Moved by what the robot did with another block.
bool is_bump(const Segment& segment, const std::vector<Segment>& all) {
  return !segment.is_gripped && std::any_of(all.begin(), all.end(), [&](const Segment& other) {
    return other.block != segment.block && other.is_gripped && other.begin < segment.end &&
           segment.begin < other.end;
  });
}

// A push of a block that is carried later: it will be fetched from wherever it lies.
bool is_prelude(const Segment& segment, const std::vector<Segment>& all) {
  return !segment.is_gripped && std::any_of(all.begin(), all.end(), [&](const Segment& other) {
    return other.block == segment.block && other.is_gripped && other.begin > segment.begin;
  });
}

// Joins neighbours of one block; the longer part gives the heading.
std::vector<Segment> merged(const std::vector<Segment>& segments) {
  std::vector<Segment> result;
  for (const Segment& segment : segments) {
    if (result.empty() || result.back().block != segment.block) {
      result.push_back(segment);
      continue;
    }
    Segment& before = result.back();
    if (span(segment) > span(before)) {
      before.heading = segment.heading;
      before.is_gripped = segment.is_gripped;
    }
    before.end = segment.end;
    before.to = segment.to;
  }
  return result;
}

Vec2 centre(const envs::Region& region) {
  return {region.x + region.w / 2, region.y - region.h / 2};
}

// How `point` moves from one scene to the other; `moved` are the blocks of the segments.
Vec2 shift(const Vec2& point, const Outline& outline, const Scene& from, const Scene& to) {
  for (size_t i = 0; i < from.regions.size(); ++i) {
    if (envs::contains(from.regions[i], {point.x, point.y, 0}))
      return centre(to.regions.at(i)) - centre(from.regions[i]);
  }
  Vec2 sum;
  double weights = 0;
  for (size_t i = 0; i < from.blocks.size(); ++i) {
    const auto is_of_block = [&](const Segment& s) { return s.block == static_cast<int>(i); };
    const bool is_moved =
        std::any_of(outline.segments.begin(), outline.segments.end(), is_of_block) ||
        std::any_of(outline.bumps.begin(), outline.bumps.end(), is_of_block);
    if (is_moved) continue;
    const Vec2 anchor = position(from.blocks[i].pose);
    const Vec2 off = point - anchor;
    const double weight = 1 / (envs::dot(off, off) + kNearAnchor * kNearAnchor);
    sum = sum + weight * (position(to.blocks.at(i).pose) - anchor);
    weights += weight;
  }
  return weights > 0 ? (1 / weights) * sum : Vec2{};
}

}  // namespace

Outline outline_of(const std::vector<State>& states) {
  Outline outline;
  if (states.empty()) return outline;
  std::vector<Segment> all;
  const int blocks = static_cast<int>(states.front().blocks.size());
  for (int block = 0; block < blocks; ++block) {
    const auto segments = segments_of(states, block);
    all.insert(all.end(), segments.begin(), segments.end());
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Segment& a, const Segment& b) { return a.end < b.end; });
  for (const Segment& segment : all) {
    if (is_prelude(segment, all)) continue;
    (is_bump(segment, all) ? outline.bumps : outline.segments).push_back(segment);
  }
  outline.segments = merged(outline.segments);
  // What moved a block between its segments belongs to the one before.
  std::map<int, Vec2> next;
  for (size_t i = outline.segments.size(); i-- > 0;) {
    Segment& segment = outline.segments[i];
    const auto later = next.find(segment.block);
    segment.to = later != next.end() ? later->second : place(states.back(), segment.block);
    next[segment.block] = segment.from;
  }
  std::vector<Segment> bumps;
  for (Segment bump : outline.bumps) {
    if (next.count(bump.block) > 0) continue;
    bump.to = place(states.back(), bump.block);
    next[bump.block] = bump.from;
    bumps.push_back(bump);
  }
  outline.bumps = std::move(bumps);
  outline.rest = position(states.back().robot.pose);
  return outline;
}

Outline transformed(const Outline& outline, const Scene& from, const Scene& to) {
  Outline result = outline;
  result.rest = outline.rest + shift(outline.rest, outline, from, to);
  std::map<int, Vec2> places;  // where a block lies after the segments before
  const auto transform = [&](Segment& segment) {
    const double direction = heading_to(segment.from, segment.to);
    const auto known = places.find(segment.block);
    segment.from =
        known != places.end() ? known->second : position(to.blocks.at(segment.block).pose);
    segment.to = segment.to + shift(segment.to, outline, from, to);
    segment.heading += wrap(heading_to(segment.from, segment.to) - direction);
    places[segment.block] = segment.to;
  };
  for (Segment& segment : result.segments) transform(segment);
  for (Segment& bump : result.bumps) transform(bump);
  return result;
}

Plan plan_of(const std::vector<Segment>& segments) {
  Plan plan;
  for (const Segment& segment : segments) {
    Job job;
    job.block = segment.block;
    job.target = segment.to;
    job.heading = segment.heading;
    plan.push_back(job);
  }
  return plan;
}

}  // namespace mint::experts
