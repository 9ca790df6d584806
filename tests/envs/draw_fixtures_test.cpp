// Every recorded frame of the original in fixtures/magical/frames, both cameras and both sizes.
// Drawing does not depend on the task, so all tasks' frames are used. With MINT_DUMP set to a
// folder our frames are written there.
#include "envs/draw.h"

#include <cstdlib>

#include <gtest/gtest.h>

#include "tests/support/fixtures.h"
#include "tests/support/png.h"

namespace mint::envs {
namespace {

Pose read_pose(const nlohmann::json& json) {
  return {json[0], json[1], json[2]};
}

// Fills a scene and a state with what is drawn.
void read_state(const nlohmann::json& json, Scene& scene, State& state) {
  state.robot.pose = read_pose(json["robot"]["pose"]);
  for (int side = 0; side < 2; ++side) {
    state.fingers[side].pose = read_pose(json["robot"]["fingers"][side]);
    state.eye_angles[side] = json["robot"]["eye_angles"][side];
  }
  for (const auto& region : json["regions"]) {
    scene.regions.push_back(
        {parse_colour(region["colour"]), region["x"], region["y"], region["w"], region["h"]});
  }
  for (const auto& block : json["blocks"]) {
    const Pose pose = read_pose(block["pose"]);
    scene.blocks.push_back({parse_shape(block["shape"]), parse_colour(block["colour"]), pose});
    state.blocks.push_back({pose});
  }
  for (const std::string name : json["draw_order"]) {
    const size_t colon = name.find(':');
    const std::string kind = name.substr(0, colon);
    const int index = colon == std::string::npos ? 0 : std::stoi(name.substr(colon + 1));
    scene.draw_order.push_back({kind == "region"  ? EntityKind::kRegion
                                : kind == "block" ? EntityKind::kBlock
                                                  : EntityKind::kRobot,
                                index});
  }
}

struct Difference {
  int pixels_off = 0;  // with a channel off by more than two levels
  double mean = 0;     // absolute, levels, over all channels
};

Difference compare(const Image& a, const Image& b) {
  Difference difference;
  if (a.rgb.size() != b.rgb.size()) {
    ADD_FAILURE() << "sizes differ: " << a.width << "x" << a.height << " and " << b.width << "x"
                  << b.height;
    return difference;
  }
  double sum = 0;
  for (size_t i = 0; i < a.rgb.size(); i += 3) {
    int largest = 0;
    for (size_t c = i; c < i + 3; ++c) {
      const int off = std::abs(a.rgb[c] - b.rgb[c]);
      largest = std::max(largest, off);
      sum += off;
    }
    difference.pixels_off += largest > 2;
  }
  difference.mean = sum / static_cast<double>(a.rgb.size());
  return difference;
}

Image small(const Image& image) {
  Image out;
  out.width = out.height = kObservationSize_px;
  out.rgb.resize(3 * kObservationSize_px * kObservationSize_px);
  downsample(image, out.rgb.data());
  return out;
}

void dump(const std::string& name, const Image& image) {
  if (const char* folder = std::getenv("MINT_DUMP")) {
    tests::write_png(std::filesystem::path(folder) / name, image);
  }
}

// The tolerances are those of the fixtures' README.
TEST(DrawFixtures, FramesMatchTheOriginal) {
  MINT_FIXTURES(magical, "magical");
  const std::filesystem::path frames = magical / "frames";
  const auto json = tests::read_json(frames / "states.json");
  size_t count = 0;
  int worst_full = 0;
  int worst_small = 0;
  double worst_mean = 0;

  for (const auto& [task, entry] : json["tasks"].items()) {
    for (const auto& frame : entry["frames"]) {
      Scene scene;
      State state;
      read_state(frame["state"], scene, state);
      char number[16];
      std::snprintf(number, sizeof number, "-%02d-", frame["index"].get<int>());
      const std::string name = entry["prefix"].get<std::string>() + number;
      for (const Camera camera : {Camera::kAllocentric, Camera::kEgocentric}) {
        const std::string view = camera == Camera::kAllocentric ? "allo" : "ego";
        Image ours;
        draw(scene, state, camera, ours);
        const Image ours_small = small(ours);
        dump(name + view + "384.png", ours);
        dump(name + view + "96.png", ours_small);

        const auto reduced =
            compare(ours_small, tests::read_png(frames / (name + view + "96.png")));
        EXPECT_LE(reduced.pixels_off, 40) << name << view << "96";
        EXPECT_LE(reduced.mean, 0.05) << name << view << "96";
        worst_small = std::max(worst_small, reduced.pixels_off);
        worst_mean = std::max(worst_mean, reduced.mean);
        if (frame.value("full_size", false)) {
          const auto full = compare(ours, tests::read_png(frames / (name + view + "384.png")));
          EXPECT_LE(full.pixels_off, 20) << name << view << "384";
          worst_full = std::max(worst_full, full.pixels_off);
        }
        ++count;
      }
    }
  }

  std::cout << "[ WORST    ] 384: " << worst_full << " pixels; 96: " << worst_small
            << " pixels, mean " << worst_mean << " levels\n";
  tests::report_cases("frames of both cameras", count);
}

}  // namespace
}  // namespace mint::envs
