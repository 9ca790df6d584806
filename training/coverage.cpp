#include "training/coverage.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <torch/torch.h>

#include "agents/experts/recording.h"
#include "envs/draw.h"
#include "envs/random.h"
#include "training/recording.h"

namespace mint::training {
namespace {

constexpr int kSize = envs::kObservationSize_px;

// Whether a pixel of entity `id` lies within `reach` pixels of (x, y).
bool touches(const std::vector<uint8_t>& ids, int id, int x, int y, int reach) {
  for (int row = std::max(y - reach, 0); row <= std::min(y + reach, kSize - 1); ++row) {
    for (int column = std::max(x - reach, 0); column <= std::min(x + reach, kSize - 1); ++column) {
      if (ids[row * kSize + column] == id) return true;
    }
  }
  return false;
}

struct Point {
  int x = 0;  // px
  int y = 0;
};

std::vector<Point> active_points(const torch::Tensor& xy, const torch::Tensor& active) {
  const auto coordinates = xy.accessor<float, 2>();
  const auto status = active.accessor<float, 1>();
  std::vector<Point> points;
  for (int64_t k = 0; k < coordinates.size(0); ++k) {
    if (status[k] == 0) continue;
    points.push_back(
        {static_cast<int>(coordinates[k][0] * kSize), static_cast<int>(coordinates[k][1] * kSize)});
  }
  return points;
}

// Adds one frame's counts to the sums in `coverage`.
void add_frame(const envs::Scene& scene, const std::vector<uint8_t>& ids,
               const std::vector<Point>& points, Coverage& coverage) {
  const double blocks = static_cast<double>(scene.blocks.size());
  for (size_t place = 0; place < scene.draw_order.size(); ++place) {
    const auto kind = scene.draw_order[place].kind;
    if (kind == envs::EntityKind::kRegion) continue;
    const int id = static_cast<int>(place) + 1;
    const auto is_covered = [&](int reach) {
      return std::any_of(points.begin(), points.end(), [&](const Point& point) {
        return touches(ids, id, point.x, point.y, reach);
      });
    };
    const bool is_robot = kind == envs::EntityKind::kRobot;
    (is_robot ? coverage.robot : coverage.blocks) += is_covered(0) / (is_robot ? 1 : blocks);
    (is_robot ? coverage.robot_near : coverage.blocks_near) +=
        is_covered(1) / (is_robot ? 1 : blocks);
  }
  coverage.active += static_cast<double>(points.size());
  ++coverage.frames;
}

}  // namespace

Coverage measure_coverage(perception::Detector& detector, const std::string& task,
                          const std::vector<uint64_t>& seeds) {
  Coverage coverage;
  coverage.task = task;
  std::vector<uint8_t> frame(envs::kObservationBytes);
  std::vector<uint8_t> ids(kSize * kSize);
  for (const uint64_t seed : seeds) {
    const auto episode = experts::record_episode(task, "Demo", seed);
    auto pixels = draw_frames(episode.scene, episode.states);
    const auto count = static_cast<int64_t>(episode.states.size());
    const auto images = torch::from_blob(pixels.data(), {count, kSize, kSize, 3}, torch::kUInt8)
                            .permute({0, 3, 1, 2})
                            .contiguous();
    const auto keypoints = detector.detect(images);
    for (int64_t i = 0; i < count; ++i) {
      envs::draw_observation(episode.scene, episode.states[i], envs::Camera::kAllocentric,
                             frame.data(), ids.data());
      add_frame(episode.scene, ids, active_points(keypoints.xy[i], keypoints.active[i]), coverage);
    }
    if (episode.scene.blocks.empty()) coverage.blocks = coverage.blocks_near = NAN;
  }
  for (double* sum : {&coverage.robot, &coverage.blocks, &coverage.robot_near,
                      &coverage.blocks_near, &coverage.active}) {
    *sum /= static_cast<double>(coverage.frames);
  }
  return coverage;
}

std::vector<uint64_t> coverage_seeds(uint64_t root_seed) {
  std::vector<uint64_t> seeds;
  for (uint64_t i = 0; i < 3; ++i) seeds.push_back(envs::derive_seed(root_seed, "coverage", i));
  return seeds;
}

std::string to_line(const Coverage& coverage) {
  const auto share = [](const char* entity, double exact, double near) {
    char text[64];
    std::snprintf(text, sizeof text, "%s %.3f (within 1 px: %.3f), ", entity, exact, near);
    return std::string(text);
  };
  char counts[64];
  std::snprintf(counts, sizeof counts, "%.1f active keypoints, %lld frames", coverage.active,
                static_cast<long long>(coverage.frames));
  const bool has_blocks = !std::isnan(coverage.blocks);
  return coverage.task + ": " + share("robot", coverage.robot, coverage.robot_near) +
         (has_blocks ? share("blocks", coverage.blocks, coverage.blocks_near) : "") + counts;
}

}  // namespace mint::training
