#include "envs/collisions.h"

#include <cmath>
#include <set>
#include <thread>
#include <tuple>

#include <gtest/gtest.h>

#include "tests/support/error_of.h"

namespace mint::envs {
namespace {

bool are_equal(const CollisionsVideo& a, const CollisionsVideo& b) {
  if (a.frames.size() != b.frames.size() || a.solids.size() != b.solids.size() ||
      a.collisions.size() != b.collisions.size()) {
    return false;
  }
  for (size_t frame = 0; frame < a.frames.size(); ++frame) {
    for (size_t i = 0; i < a.solids.size(); ++i) {
      const SolidState &x = a.frames[frame][i], &y = b.frames[frame][i];
      if (x.pose.x != y.pose.x || x.pose.y != y.pose.y || x.pose.angle != y.pose.angle ||
          x.vx != y.vx || x.vy != y.vy || x.spin != y.spin) {
        return false;
      }
    }
  }
  return true;
}

double distance(const SolidState& a, const SolidState& b) {
  return std::hypot(a.pose.x - b.pose.x, a.pose.y - b.pose.y);
}

bool is_seen(const CollisionsVideo& video, int frame, size_t solid) {
  return is_in_view(CollisionsConfig{}.camera, video.solids[solid],
                    video.frames[frame][solid].pose);
}

TEST(SimulateCollisions, GivesTheSameVideoForTheSameSeedOnAnyThread) {
  const CollisionsVideo first = simulate_collisions({}, 7);
  CollisionsVideo second;

  std::thread([&] { second = simulate_collisions({}, 7); }).join();

  EXPECT_TRUE(are_equal(first, second));
  EXPECT_FALSE(are_equal(first, simulate_collisions({}, 8)));
}

TEST(SimulateCollisions, HasOneToSixSolidsOfDifferentKinds) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    const CollisionsVideo video = simulate_collisions({}, seed);

    std::set<std::tuple<SolidShape, SolidMaterial, SolidColour>> kinds;
    for (const Solid& solid : video.solids) {
      kinds.insert({solid.shape, solid.material, solid.colour});
    }
    EXPECT_EQ(kinds.size(), video.solids.size()) << seed;
    EXPECT_GE(video.solids.size(), 1u);
    EXPECT_LE(video.solids.size(), 6u);
    ASSERT_EQ(video.frames.size(), 128u);
    for (const auto& states : video.frames) EXPECT_EQ(states.size(), video.solids.size());
  }
}

TEST(SimulateCollisions, DrawsEveryCountAndKindOfSolid) {
  std::set<size_t> counts;
  std::set<SolidShape> shapes;
  std::set<SolidMaterial> materials;
  std::set<SolidColour> colours;
  CollisionsConfig config;
  config.frames = 1;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    const CollisionsVideo video = simulate_collisions(config, seed);
    counts.insert(video.solids.size());
    for (const Solid& solid : video.solids) {
      shapes.insert(solid.shape);
      materials.insert(solid.material);
      colours.insert(solid.colour);
    }
  }

  EXPECT_EQ(counts.size(), 6u);
  EXPECT_EQ(shapes.size(), 3u);
  EXPECT_EQ(materials.size(), 2u);
  EXPECT_EQ(colours.size(), 8u);
}

TEST(SimulateCollisions, LetsSolidsEnterLeaveRestAndMove) {
  int entered = 0, left = 0, rested = 0, pushed = 0;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const CollisionsVideo video = simulate_collisions({}, seed);
    for (size_t i = 0; i < video.solids.size(); ++i) {
      const bool is_first = is_seen(video, 0, i), is_last = is_seen(video, 127, i);
      entered += !is_first && is_last;
      left += is_first && !is_last;
      const double path = distance(video.frames[0][i], video.frames[127][i]);
      rested += path == 0;
      pushed += is_first && path > 0.1;
    }
  }

  EXPECT_GT(entered, 10);
  EXPECT_GT(left, 3);
  EXPECT_GT(rested, 40);
  EXPECT_GT(pushed, 20);
}

TEST(SimulateCollisions, NeverLetsSolidsInViewPassThroughEachOther) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const CollisionsVideo video = simulate_collisions({}, seed);
    for (int frame = 0; frame < 128; ++frame) {
      const auto& states = video.frames[frame];
      for (size_t i = 0; i < states.size(); ++i) {
        for (size_t j = 0; j < i; ++j) {
          if (!is_seen(video, frame, i) || !is_seen(video, frame, j)) continue;
          // Every shape contains a circle of 0.86 times its size.
          const double inner = 0.86 * (video.solids[i].size + video.solids[j].size);
          EXPECT_GT(distance(states[i], states[j]), 0.9 * inner) << seed;
        }
      }
    }
  }
}

TEST(SimulateCollisions, ReportsCollisionsWhereSolidsMeet) {
  int reported = 0;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const CollisionsVideo video = simulate_collisions({}, seed);
    int frame = 0;
    for (const Collision& collision : video.collisions) {
      ++reported;
      EXPECT_GE(collision.frame, frame);
      EXPECT_LT(collision.first, collision.second);
      frame = collision.frame;
      for (const int i : {collision.first, collision.second}) {
        const SolidState& state = video.frames[frame][i];
        const double away =
            std::hypot(state.pose.x - collision.where.x, state.pose.y - collision.where.y);
        const double moved = std::hypot(state.vx, state.vy) / CollisionsConfig{}.frames_per_s;
        EXPECT_LT(away, outer_radius(video.solids[i]) + moved + 0.02) << seed;
      }
    }
  }
  EXPECT_GT(reported, 20);
}

TEST(SimulateCollisions, MovesNothingThatIsNotTouched) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const CollisionsVideo video = simulate_collisions({}, seed);
    std::set<size_t> touched;
    for (const Collision& collision : video.collisions) {
      touched.insert(collision.first);
      touched.insert(collision.second);
    }
    for (size_t i = 0; i < video.solids.size(); ++i) {
      if (touched.count(i) > 0 || !is_seen(video, 0, i)) continue;
      EXPECT_EQ(distance(video.frames[0][i], video.frames[127][i]), 0) << seed;
    }
  }
}

TEST(SimulateCollisions, RefusesAConfigWithoutFramesOrWeights) {
  CollisionsConfig no_frames;
  no_frames.frames = 0;
  CollisionsConfig no_weights;
  for (double& weight : no_weights.object_weights) weight = 0;

  EXPECT_NE(tests::error_of([&] { simulate_collisions(no_frames, 0); }).find("got 0 frames"),
            std::string::npos);
  EXPECT_NE(tests::error_of([&] { simulate_collisions(no_weights, 0); }).find("positive weight"),
            std::string::npos);
}

TEST(CollisionsCamera, ProjectsThePointThatItsRayMeets) {
  const CollisionsCamera camera;
  for (const double column : {0.5, 240.0, 479.5}) {
    for (const double row : {0.5, 100.0, 319.5}) {
      const Vec2 point = ground_point(camera, column, row);

      const Projection seen = project(camera, {point.x, point.y, 0});

      EXPECT_NEAR(seen.column, column, 1e-9);
      EXPECT_NEAR(seen.row, row, 1e-9);
      EXPECT_GT(seen.depth, 0);
    }
  }
  const Projection centre = project(camera, {0, 0, 0});
  EXPECT_NEAR(centre.column, 240, 1e-9);
  EXPECT_NEAR(centre.row, 160, 1e-9);
  EXPECT_NEAR(centre.depth, camera.distance, 1e-12);
}

}  // namespace
}  // namespace mint::envs
