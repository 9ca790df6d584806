#include "training/collisions_output.h"

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

#include "envs/collisions_draw.h"
#include "envs/random.h"
#include "tests/support/error_of.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"
#include "training/clevrer.h"
#include "training/image_tensor.h"
#include "training/video_frames.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;

CollisionsOutputConfig short_config() {
  CollisionsOutputConfig config;
  config.scene.frames = 3;
  config.train = 1;
  config.test = 1;
  return config;
}

CollisionsOutputSummary write(const fs::path& root, const CollisionsOutputConfig& config) {
  return write_collisions(root, config, [](int) {});
}

// All text files by name; videos depend on the encoder.
std::map<std::string, std::string> texts(const fs::path& root) {
  std::map<std::string, std::string> result;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".json") continue;
    result[fs::relative(entry.path(), root).string()] = tests::read_file(entry.path());
  }
  return result;
}

// What was drawn into video `index`.
struct Drawn {
  envs::CollisionsVideo video;
  std::vector<envs::Image> images;
  std::vector<envs::InstanceImage> ids;
};

Drawn drawn(const CollisionsOutputConfig& config, int index) {
  Drawn result;
  result.video = envs::simulate_collisions(
      config.scene, envs::derive_seed(config.seed, "collisions video", index));
  envs::CollisionsPainter painter(config.scene.camera);
  for (const auto& states : result.video.frames) {
    result.images.emplace_back();
    result.ids.emplace_back();
    painter.draw(result.video.solids, states, result.images.back(), result.ids.back());
  }
  return result;
}

std::string name_of_solid(const envs::Solid& solid) {
  return std::string(name_of(solid.colour)) + "_" + name_of(solid.material) + "_" +
         name_of(solid.shape);
}

TEST(WriteCollisions, WritesMasksThatReadBackAsTheyWereDrawn) {
  const tests::TemporaryFolder folder;
  const CollisionsOutputConfig config = short_config();
  write(folder.path() / "set", config);
  const auto entries = list_clevrer(folder.path() / "set", "");
  ASSERT_EQ(entries.size(), 2u);

  for (const ClevrerEntry& entry : entries) {
    std::vector<std::string> names;
    const auto frames = read_proposals(entry.proposals, &names);
    const Drawn expected = drawn(config, entry.index);

    ASSERT_EQ(frames.size(), 3u);
    for (size_t frame = 0; frame < frames.size(); ++frame) {
      std::vector<uint8_t> ids(320 * 480, 0);
      for (const perception::ObjectMask& object : frames[frame]) {
        int id = 0;
        for (size_t i = 0; i < expected.video.solids.size(); ++i) {
          if (name_of_solid(expected.video.solids[i]) == names[object.object]) id = i + 1;
        }
        ASSERT_GT(id, 0) << names[object.object];
        EXPECT_GT(object.mask.area(), 0);
        const auto bitmap = object.mask.bitmap();
        for (size_t pixel = 0; pixel < ids.size(); ++pixel) {
          if (bitmap[pixel]) ids[pixel] = static_cast<uint8_t>(id);
        }
      }
      EXPECT_EQ(ids, expected.ids[frame].ids) << entry.index << " " << frame;
    }
  }
}

TEST(WriteCollisions, WritesVideosNearWhatWasDrawn) {
  const tests::TemporaryFolder folder;
  const CollisionsOutputConfig config = short_config();
  write(folder.path() / "set", config);

  for (const ClevrerEntry& entry : list_clevrer(folder.path() / "set", "")) {
    const torch::Tensor frames = read_frames(entry.video.string(), {}).frames;
    const Drawn expected = drawn(config, entry.index);

    ASSERT_EQ(frames.size(0), 3);
    for (int64_t frame = 0; frame < 3; ++frame) {
      const auto image = training::to_tensor(expected.images[frame].rgb, 320, 480);
      const auto difference = (frames[frame].to(torch::kFloat) - image).abs().mean();
      EXPECT_LT(difference.item<double>(), 4) << entry.index << " " << frame;
    }
  }
}

TEST(WriteCollisions, LaysFilesOutLikeClevrer) {
  const tests::TemporaryFolder folder;
  const fs::path root = folder.path() / "set";
  CollisionsOutputConfig config = short_config();
  config.validation = 1;
  write(root, config);

  const auto has = [&](const char* name) { return fs::is_regular_file(root / name); };
  EXPECT_TRUE(has("video_train/video_00000-01000/video_00000.mp4"));
  EXPECT_TRUE(has("video_validation/video_10000-11000/video_10000.mp4"));
  EXPECT_TRUE(has("video_test/video_15000-16000/video_15000.mp4"));
  EXPECT_TRUE(has("annotation_train/annotation_00000-01000/annotation_00000.json"));
  EXPECT_TRUE(has("annotation_validation/annotation_10000-11000/annotation_10000.json"));
  EXPECT_FALSE(fs::exists(root / "annotation_test"));
  for (const char* number : {"00000", "10000", "15000"}) {
    EXPECT_TRUE(has(("derender_proposals/proposal_" + std::string(number) + ".json").c_str()));
  }
}

TEST(WriteCollisions, AnnotatesWhatWasSimulated) {
  const tests::TemporaryFolder folder;
  CollisionsOutputConfig config = short_config();
  config.test = 0;
  write(folder.path() / "set", config);
  const auto video = drawn(config, 0).video;

  const auto annotation = nlohmann::json::parse(tests::read_file(
      folder.path() / "set/annotation_train/annotation_00000-01000/annotation_00000.json"));

  EXPECT_EQ(annotation["scene_index"], 0);
  EXPECT_EQ(annotation["video_filename"], "video_00000.mp4");
  EXPECT_EQ(annotation["collision"].size(), video.collisions.size());
  ASSERT_EQ(annotation["object_property"].size(), video.solids.size());
  ASSERT_EQ(annotation["motion_trajectory"].size(), 3u);
  for (size_t i = 0; i < video.solids.size(); ++i) {
    const auto& property = annotation["object_property"][i];
    EXPECT_EQ(property["object_id"], i);
    EXPECT_EQ(property["color"], name_of(video.solids[i].colour));
    EXPECT_EQ(property["material"], name_of(video.solids[i].material));
    EXPECT_EQ(property["shape"], name_of(video.solids[i].shape));
    const auto& object = annotation["motion_trajectory"][2]["objects"][i];
    EXPECT_NEAR(object["location"][0], video.frames[2][i].pose.x, 1e-6);
    EXPECT_NEAR(object["location"][1], video.frames[2][i].pose.y, 1e-6);
    EXPECT_NEAR(object["location"][2], height(video.solids[i]) / 2, 1e-6);
    EXPECT_NEAR(object["orientation"][2], video.frames[2][i].pose.angle, 1e-6);
    EXPECT_NEAR(object["velocity"][0], video.frames[2][i].vx, 1e-6);
    EXPECT_NEAR(object["angular_velocity"][2], video.frames[2][i].spin, 1e-6);
    EXPECT_TRUE(object["inside_camera_view"].is_boolean());
  }
}

TEST(WriteCollisions, WritesTheSameTextsWithAnyNumberOfJobs) {
  const tests::TemporaryFolder folder;
  CollisionsOutputConfig config = short_config();
  config.train = 3;
  write(folder.path() / "one", config);
  config.jobs = 2;
  write(folder.path() / "two", config);

  EXPECT_EQ(texts(folder.path() / "one"), texts(folder.path() / "two"));
  config.seed = 1;
  write(folder.path() / "other", config);
  EXPECT_NE(texts(folder.path() / "one"), texts(folder.path() / "other"));
}

TEST(WriteCollisions, ResumesWithWhatIsMissing) {
  const tests::TemporaryFolder folder;
  const fs::path root = folder.path() / "set";
  CollisionsOutputConfig config = short_config();
  write(root, config);
  const auto whole = texts(root);
  fs::remove(root / "derender_proposals/proposal_15000.json");
  config.resumes = true;

  const CollisionsOutputSummary summary = write(root, config);

  EXPECT_EQ(summary.kept, 1);
  EXPECT_EQ(summary.written, 1);
  EXPECT_EQ(texts(root), whole);
}

TEST(WriteCollisions, RefusesFoldersOfOthers) {
  const tests::TemporaryFolder folder;
  const fs::path root = folder.path() / "set";
  CollisionsOutputConfig config = short_config();
  config.train = config.test = 0;
  write(root, config);
  const auto error = [&](const fs::path& where) {
    return tests::error_of<std::runtime_error>([&] { write(where, config); });
  };

  EXPECT_EQ(error(root),
            root.string() + ": expected a new folder, got a data set; --resume goes on with it");
  EXPECT_EQ(error(folder.path()),
            folder.path().string() + ": expected a new or empty folder, got one with files");
  config.resumes = true;
  EXPECT_EQ(error(root), "no error");
  config.seed = 1;
  EXPECT_EQ(error(root), (root / "collisions.json").string() +
                             ": expected the same seed and scene settings to resume, got others");
}

TEST(WriteCollisions, RefusesMoreVideosThanTheirNumbersAllow) {
  const tests::TemporaryFolder folder;
  CollisionsOutputConfig config = short_config();
  config.test = 5001;

  EXPECT_EQ(tests::error_of<std::invalid_argument>([&] { write(folder.path() / "set", config); }),
            "write_collisions: test: expected 0 to 5000 videos, got 5001");
  EXPECT_FALSE(fs::exists(folder.path() / "set"));
}

}  // namespace
}  // namespace mint::training
