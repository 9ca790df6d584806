#include "training/detection.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "perception/video.h"
#include "tests/support/error_of.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"
#include "tests/training/fake_detector.h"
#include "training/checkpoint.h"
#include "training/commands/commands.h"
#include "training/detection_files.h"
#include "training/detection_summary.h"
#include "training/pretrain_config.h"
#include "training/video_frames.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;
using torch::Tensor;

// One keypoint at the brightest pixel of its 96x96 image, active where that is brighter than 200.
class BrightestPixel : public perception::Detector {
 public:
  perception::Keypoints detect(const Tensor& images) override {
    EXPECT_EQ(images.sizes().slice(1).vec(), (std::vector<int64_t>{3, 96, 96}));
    const auto [value, place] = images.select(1, 0).flatten(1).to(torch::kFloat).max(1);
    const Tensor x = (place.remainder(96).to(torch::kFloat) + 0.5F) / 96;
    const Tensor y = (place.div(96, "floor").to(torch::kFloat) + 0.5F) / 96;
    return {torch::stack({x, y}, 1).unsqueeze(1), (value > 200).to(torch::kFloat).unsqueeze(1)};
  }
  int64_t keypoints() const override { return 1; }
  int64_t height() const override { return 96; }
  int64_t width() const override { return 96; }
  std::string name() const override { return "brightest"; }
  torch::nn::Module& module() override { return module_; }

 private:
  torch::nn::Module module_;
};

constexpr int kFrames = 20;

// A white square of 10 pixels on grey: frame i has its centre at (20 + 6 i, 30); from frame 15 on
// it is gone.
Tensor bright_frame(int i) {
  const Tensor frame = torch::full({3, 80, 160}, 90, torch::kUInt8);
  const int64_t x = 20 + 6 * i;
  if (i < 15) frame.slice(1, 25, 35).slice(2, x - 5, x + 5).fill_(255);
  return frame;
}

class Detection : public testing::Test {
 protected:
  void SetUp() override {
    perception::VideoWriter writer(path("film.gif"), 80, 160, 10);
    for (int i = 0; i < kFrames; ++i) writer.write(bright_frame(i));
    writer.close();
  }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  DetectedVideo detect_in(const std::string& file, const FrameChoice& choice) const {
    return detect_video(
        path(file), choice, {{"one", "run", std::make_shared<BrightestPixel>()}},
        [](int64_t, const Tensor&, const std::vector<perception::Keypoints>&) {},
        [](const JobProgress&) {});
  }

 private:
  tests::TemporaryFolder folder_;
};

TEST_F(Detection, FollowsASquareInPixelsOfTheVideo) {
  const DetectedVideo video = detect_in("film.gif", {});

  ASSERT_EQ(video.frames.size(), size_t{kFrames});
  const perception::PixelKeypoints& found = video.detectors.at(0).keypoints;
  EXPECT_EQ(found.height, 80);
  EXPECT_EQ(found.width, 160);
  for (int64_t t = 0; t < kFrames; ++t) {
    EXPECT_EQ(found.is_active(t, 0), t < 15) << t;
    if (t >= 15) continue;
    EXPECT_NEAR(found.at(t, 0)[0], 20.0 + 6.0 * static_cast<double>(t), 6) << t;
    EXPECT_NEAR(found.at(t, 0)[1], 30, 6) << t;
  }
}

TEST_F(Detection, OfACropIsInPixelsOfTheVideo) {
  FrameChoice choice;
  choice.crop = {10, 20, 60, 30};
  choice.to = 3;

  const DetectedVideo video = detect_in("film.gif", choice);

  ASSERT_EQ(video.frames.size(), 4u);
  const perception::PixelKeypoints& found = video.detectors.at(0).keypoints;
  for (int64_t t = 0; t < 4; ++t) {
    EXPECT_TRUE(found.is_active(t, 0));
    EXPECT_NEAR(found.at(t, 0)[0], 20.0 + 6.0 * static_cast<double>(t), 6) << t;
    EXPECT_NEAR(found.at(t, 0)[1], 30, 6) << t;
  }
}

TEST_F(Detection, TakesEveryNthFrameOfAPart) {
  FrameChoice choice;
  choice.from = 4;
  choice.to = 13;
  choice.every = 3;

  const DetectedVideo video = detect_in("film.gif", choice);

  EXPECT_EQ(video.frames, (std::vector<int64_t>{4, 7, 10, 13}));
  EXPECT_FALSE(video.is_whole);
  EXPECT_NEAR(video.detectors.at(0).keypoints.at(1, 0)[0], 20 + 6 * 7, 6);
}

TEST_F(Detection, HandsOutEveryFrameWithItsKeypoints) {
  std::vector<int64_t> numbers;
  double last_x = 0;
  FrameChoice choice;
  choice.every = 2;
  choice.to = 14;

  detect_video(
      path("film.gif"), choice, {{"one", "run", std::make_shared<BrightestPixel>()}},
      [&](int64_t number, const Tensor& frame, const std::vector<perception::Keypoints>& found) {
        numbers.push_back(number);
        EXPECT_TRUE(torch::equal(frame, bright_frame(static_cast<int>(number))));
        EXPECT_GT(found.at(0).xy[0][0][0].item<double>(), last_x);
        last_x = found.at(0).xy[0][0][0].item<double>();
      },
      [](const JobProgress&) {});

  EXPECT_EQ(numbers, (std::vector<int64_t>{0, 2, 4, 6, 8, 10, 12, 14}));
}

TEST_F(Detection, NamesAChoiceThatTheVideoDoesNotHold) {
  FrameChoice late;
  late.from = 20;
  FrameChoice outside;
  outside.crop = {101, 0, 60, 80};

  EXPECT_EQ(tests::error_of([&] { detect_in("film.gif", late); }),
            path("film.gif") + ": expected frame 20, got 20 frames that decode");
  EXPECT_EQ(tests::error_of([&] { detect_in("film.gif", outside); }),
            path("film.gif") + ": crop: expected a part of the 160x80 image, got 60x80 at 101, 0");
  EXPECT_EQ(tests::error_of([&] { detect_in("none.avi", {}); }),
            path("none.avi") + ": expected a video file, found none");
}

// 15 of 20 frames have the square; a series that says so agrees exactly.
TEST_F(Detection, CorrelatesActiveKeypointsWithASeries) {
  const DetectedVideo video = detect_in("film.gif", {});
  std::vector<double> square(15, 1), none(20, 2);
  square.resize(20, 0);

  const DetectionSummary summary = summarise_detection(video, {{"square", square}, {"none", none}});

  EXPECT_EQ(summary.window, 11);  // of a second at 10 frames per second, odd
  EXPECT_NEAR(summary.detectors.at(0).correlations.at(0).plain, 1, 1e-12);
  EXPECT_TRUE(std::isnan(summary.detectors.at(0).correlations.at(1).plain));
  const auto lines = summary_lines(video, summary, false);
  EXPECT_EQ(lines.at(0), path("film.gif") + ": 20 frames of 160x80 (0 to 19)");
  EXPECT_EQ(lines.at(1), "one: 0.8 of 1 keypoints active in a frame (0 to 1)");
  EXPECT_EQ(lines.at(2),
            "  correlation with square: 1.000 frame by frame, 1.000 of averages over 11 frames");
  EXPECT_EQ(lines.at(3), "  correlation with none: undefined, as one of both is constant");
}

TEST(DetectedVideo, SaysWhenTheHeaderWasWrong) {
  DetectedVideo video;
  video.file = "tree.avi";
  video.width = 320;
  video.height = 240;
  video.announced_frames = 444;
  video.decoded_frames = 68;
  video.frames = {0, 2, 4};

  EXPECT_EQ(video_lines(video),
            (std::vector<std::string>{"tree.avi: 3 frames of 320x240 (0 to 4, every 2)",
                                      "tree.avi: its header says 444 frames, 68 decode"}));
  video.is_whole = false;
  EXPECT_EQ(video_lines(video).size(), 1u);
}

TEST(DetectionFiles, HoldEveryKeypointOfEveryFrame) {
  DetectedVideo video;
  video.file = "a.avi";
  video.frames = {7};
  perception::PixelKeypoints keypoints;
  keypoints.frames = 1;
  keypoints.keypoints = 2;
  keypoints.xy = {1.5, 2, 3.14159, 4};
  keypoints.active = {1, 0};
  video.detectors = {{"mint (a, b)", "runs/a", keypoints}};

  EXPECT_EQ(keypoints_csv(video),
            "detector,frame,keypoint,x,y,active\n"
            "\"mint (a, b)\",7,0,1.50,2.00,1\n"
            "\"mint (a, b)\",7,1,3.14,4.00,0\n");
  const std::string json = keypoints_json(video);
  EXPECT_NE(json.find("\"xy\":[[[1.5,2.0],[3.14,4.0]]]"), std::string::npos) << json;
  EXPECT_NE(json.find("\"active\":[[1,0]]"), std::string::npos) << json;
}

// The command with two untrained detectors of different image sizes.
class DetectCommand : public Detection {
 protected:
  void write_run(const std::string& name, int64_t width) const {
    PretrainConfig config;
    config.data.files = {"film.gif"};  // asked for when it is read
    config.detectors.mint.keypoints = 3;
    config.detectors.mint.height = 64;
    config.detectors.mint.width = width;
    const auto detector = perception::make_detector("mint", config.detectors, 1);
    save_run_checkpoint(path(name), {{"", &detector->module()}}, dump_config(config), {});
  }
};

// What `mint detect` prints.
std::string printed(const DetectOptions& options) {
  testing::internal::CaptureStdout();
  try {
    EXPECT_EQ(detect(options), 0);
  } catch (...) {
    testing::internal::GetCapturedStdout();
    throw;
  }
  return testing::internal::GetCapturedStdout();
}

TEST_F(DetectCommand, LeavesTablesPlotsFilmAndReport) {
  write_run("a", 64);
  write_run("b", 96);
  tests::write_file(path("activity.json"), "[0,1,2,3,4,5,6,7,8,9,9,9,9,9,9,9,9,9,9,9]");
  DetectOptions options;
  options.video = path("film.gif");
  options.detectors = {path("a"), path("b") + "/"};
  options.output = path("out");
  options.activity = path("activity.json");
  options.shows_static = true;

  const std::string out = printed(options);

  EXPECT_NE(out.find("mint (a): "), std::string::npos) << out;
  EXPECT_NE(out.find("mint (b): "), std::string::npos) << out;
  EXPECT_NE(out.find("correlation with activity"), std::string::npos) << out;
  const std::string csv = tests::read_file(path("out/keypoints.csv"));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 1 + 2 * 3 * kFrames);
  for (const char* file : {"keypoints.json", "summary.json", "active.svg", "activity.svg",
                           "report.html", "pictures/frame_000000.png"}) {
    EXPECT_TRUE(fs::exists(path("out/") + file)) << file;
  }
  const size_t at = out.find("film: ") + 6;
  const auto film = read_frames(out.substr(at, out.find('\n', at) - at), {}).frames;
  EXPECT_EQ(film.size(0), kFrames);
  EXPECT_GT(film.size(3), 2 * film.size(2));  // two panels of 2:1 side by side
}

// A file of proposals with an object in the first 15 of the 20 frames.
std::string proposals() {
  std::string frames;
  for (int i = 0; i < kFrames; ++i) {
    frames += std::string(i > 0 ? "," : "") + R"({"frame_index": )" + std::to_string(i) +
              R"(, "objects": [)";
    if (i < 15) {
      frames += R"({"mask": {"size": [80, 160], "counts": [0, 12800]}, "color": "red",
                    "material": "metal", "shape": "cube", "score": 1.0})";
    }
    frames += "]}";
  }
  return R"({"video_index": 0, "frames": [)" + frames + "]}";
}

TEST_F(DetectCommand, ComparesWithTheNumberOfVisibleObjects) {
  write_run("a", 64);
  tests::write_file(path("proposal_00000.json"), proposals());
  DetectOptions options;
  options.video = path("film.gif");
  options.detectors = {path("a")};
  options.output = path("out");
  options.objects = path("proposal_00000.json");
  options.skips_film = true;

  const std::string out = printed(options);

  EXPECT_NE(out.find("correlation with visible objects: "), std::string::npos) << out;
  EXPECT_EQ(out.find("film: "), std::string::npos) << out;
  const std::string plot = tests::read_file(path("out/activity.svg"));
  EXPECT_NE(plot.find("visible objects"), std::string::npos);
}

TEST_F(DetectCommand, KeepsWhatAFolderHolds) {
  write_run("a", 64);
  DetectOptions options;
  options.video = path("film.gif");
  options.detectors = {path("a")};
  options.output = path("a");

  EXPECT_EQ(tests::error_of([&] { detect(options); }),
            path("a") + ": expected a new or empty folder, got files in it");
}

TEST_F(DetectCommand, NamesARunThatIsNone) {
  DetectOptions options;
  options.video = path("film.gif");
  options.detectors = {path("nowhere")};
  options.output = path("out");

  EXPECT_NE(tests::error_of([&] { detect(options); }).find(path("nowhere")), std::string::npos);
  EXPECT_FALSE(fs::exists(path("out")));
}

}  // namespace
}  // namespace mint::training
