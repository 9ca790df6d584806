#include "training/video_set.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <torch/torch.h>
#include <opencv2/imgcodecs.hpp>

#include "perception/video.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"
#include "training/video_frames.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;
using tests::error_of;

// Frame i is grey of level 10 i.
void write_grey_video(const fs::path& file, int frames, int height, int width) {
  fs::create_directories(file.parent_path());
  perception::VideoWriter writer(file.string(), height, width, 10);
  for (int i = 0; i < frames; ++i) {
    writer.write(torch::full({3, height, width}, 10 * i, torch::kUInt8));
  }
  writer.close();
}

void write_grey_picture(const fs::path& file, int level) {
  fs::create_directories(file.parent_path());
  cv::imwrite(file.string(), cv::Mat(54, 96, CV_8UC3, cv::Scalar::all(level)));
}

std::vector<std::string> names(const std::vector<VideoSource>& sources) {
  std::vector<std::string> names;
  for (const VideoSource& source : sources) names.push_back(source.name);
  return names;
}

double level(const torch::Tensor& frame) {
  return frame.to(torch::kDouble).mean().item<double>();
}

class VideoSet : public testing::Test {
 protected:
  fs::path path(const std::string& name) const { return folder_.path() / name; }

  VideoSetConfig config(const std::string& name = "") const {
    VideoSetConfig config;
    config.data = {name.empty() ? folder_.path().string() : path(name).string()};
    config.height = 24;
    config.width = 32;
    return config;
  }

  tests::TemporaryFolder folder_;
};

// linspace(0, 9, 4) = 0, 3, 6, 9; linspace(0, 5, 3) = 0, 2.5, 5, where 2.5 rounds to the even 2.
TEST(EvenlySpaced, RoundsHalvesToEvenAndTakesAllWhereThereAreNoMore) {
  EXPECT_EQ(evenly_spaced(10, 4), (std::vector<int64_t>{0, 3, 6, 9}));
  EXPECT_EQ(evenly_spaced(6, 3), (std::vector<int64_t>{0, 2, 5}));
  EXPECT_EQ(evenly_spaced(3, 5), (std::vector<int64_t>{0, 1, 2}));
  EXPECT_EQ(evenly_spaced(3, 0), (std::vector<int64_t>{0, 1, 2}));
}

TEST(SelectedFrames, TakesARangeThenEveryNthThenEvenlySpacedOnes) {
  FrameSelection selection;
  selection.frames = {2, 12};
  selection.every = 3;
  selection.count = 2;

  EXPECT_EQ(selected_frames(selection, 20), (std::vector<int64_t>{2, 11}));
}

TEST_F(VideoSet, AFolderOfVideosIsSplitByName) {
  for (const char* name : {"c.avi", "a.avi", "b.avi"}) write_grey_video(path(name), 3, 24, 32);
  VideoSetConfig two = config();
  two.train = 2;

  const auto sources = list_videos(two);

  const std::string parent = folder_.path().filename().string();
  EXPECT_EQ(names(sources.train), (std::vector<std::string>{parent + "/a.avi", parent + "/b.avi"}));
  EXPECT_EQ(names(sources.test), (std::vector<std::string>{parent + "/c.avi"}));
}

TEST_F(VideoSet, OneFileIsReadInOrderAndResized) {
  write_grey_video(path("a.avi"), 6, 48, 64);
  VideoSetConfig some = config("a.avi");
  some.range = {1, 6};
  some.every = 2;

  const auto clip = list_videos(some).train.front().load();

  ASSERT_EQ(clip.frames.sizes(), (std::vector<int64_t>{3, 3, 24, 32}));
  EXPECT_NEAR(level(clip.frames[0]), 10, 2);  // frames 1, 3, 5; Motion JPEG is lossy
  EXPECT_NEAR(level(clip.frames[2]), 50, 2);
}

TEST_F(VideoSet, MimeTakesTheHumanVideoOfEachDemonstrationTaskByTask) {
  for (const char* task : {"1", "2"}) {
    for (const char* demonstration : {"3720Jul27", "3721Jul27", "3722Jul27"}) {
      write_grey_video(path(task) / demonstration / "hd_kinect_rgb.mp4", 3, 240, 640);
    }
  }
  VideoSetConfig mime = config();
  mime.train = 4;

  const auto sources = list_videos(mime);

  EXPECT_EQ(names(sources.train), (std::vector<std::string>{"1/3720Jul27", "2/3720Jul27"}));
  EXPECT_EQ(names(sources.test),
            (std::vector<std::string>{"1/3721Jul27", "2/3721Jul27", "1/3722Jul27", "2/3722Jul27"}));
  EXPECT_EQ(sources.train[0].load().frames.sizes(), (std::vector<int64_t>{3, 3, 24, 32}));
}

// The cut keeps columns 120 to 479 of 640.
TEST_F(VideoSet, MimeCutsTheMarginsOff) {
  const fs::path file = path("1") / "a" / "hd_kinect_rgb.mp4";
  fs::create_directories(file.parent_path());
  perception::VideoWriter writer(file.string(), 240, 640, 10);
  auto frame = torch::zeros({3, 240, 640}, torch::kUInt8);
  frame.slice(2, 0, 120).fill_(255);
  frame.slice(2, 480, 640).fill_(255);
  writer.write(frame);
  writer.close();

  const auto clip = list_videos(config()).train.front().load();

  EXPECT_LT(level(clip.frames), 10);
}

TEST_F(VideoSet, SimitateIsReadFlattenedInOrderOfItsNumbers) {
  for (const int number : {1, 2, 10}) {
    const std::string name = "stack_" + std::to_string(number);
    write_grey_picture(path(name) / "frame2.jpg", 2 * number);
    write_grey_picture(path(name) / "frame1.jpg", number);
  }
  VideoSetConfig simitate = config();
  simitate.train = 8;  // two of each of the four tasks

  const auto sources = list_videos(simitate);

  EXPECT_EQ(names(sources.train), (std::vector<std::string>{"stack 1", "stack 2"}));
  ASSERT_EQ(sources.test.size(), 1u);
  EXPECT_NEAR(level(sources.test[0].load().frames[1]), 20, 1);
}

TEST_F(VideoSet, SimitateIsReadAsPublished) {
  write_grey_picture(
      path("motions/stack/anna/s1/_kinect2_qhd_image_color_rect_compressed") / "frame1.jpg", 7);
  VideoSetConfig simitate = config();
  simitate.train = 4;

  const auto sources = list_videos(simitate);

  ASSERT_EQ(names(sources.train), (std::vector<std::string>{"stack 1"}));
  EXPECT_NEAR(level(sources.train[0].load().frames[0]), 7, 1);
}

TEST_F(VideoSet, ADamagedVideoIsSkippedByNameAndTheNextOneTaken) {
  write_grey_video(path("b.avi"), 2, 24, 32);
  std::ofstream(path("a.avi")) << "not a video";
  VideoSetConfig all = config();
  all.train = 0;

  const auto loaded = load_videos(list_videos(all).train, 1, [](int64_t) {});

  ASSERT_EQ(loaded.videos.size(), 1u);
  ASSERT_EQ(loaded.skipped.size(), 1u);
  EXPECT_EQ(loaded.skipped[0].rfind(path("a.avi").string() + ": ", 0), 0u) << loaded.skipped[0];
}

// Cut anywhere, also to nothing: the frames that decode, or one line that names the file.
TEST_F(VideoSet, ATruncatedVideoGivesItsWholeFramesOrIsNamed) {
  for (const char* name : {"whole.avi", "whole.mp4", "whole.gif"}) {
    const fs::path whole = path(name);
    write_grey_video(whole, 6, 48, 64);
    const auto size = fs::file_size(whole);
    int named = 0;
    for (uintmax_t kept = 0; kept < size; kept += 1 + size / 23) {
      const fs::path cut = path("cut" + whole.extension().string());
      fs::copy_file(whole, cut, fs::copy_options::overwrite_existing);
      fs::resize_file(cut, kept);
      const std::string error = error_of([&] {
        const auto read = read_frames(cut.string(), {});
        EXPECT_GE(read.frames.size(0), 1);
        EXPECT_LE(read.frames.size(0), 6);
      });
      if (error == "no error") continue;
      ++named;
      EXPECT_EQ(error.rfind(cut.string() + ": ", 0), 0u) << kept << ": " << error;
      EXPECT_EQ(error.find('\n'), std::string::npos) << error;
    }
    EXPECT_GT(named, 0) << name;
  }
}

// OpenCV's FFmpeg goes on with the first size and says nothing; other decoders may not.
TEST_F(VideoSet, AVideoWhoseFramesChangeTheirSizeGivesFramesOfOneSizeOrIsNamed) {
  for (const int later : {32, 96}) {
    std::ofstream stream(path("changing.mjpeg"), std::ios::binary);  // pictures, one after another
    for (int i = 0; i < 8; ++i) {
      const cv::Mat image(i < 5 ? 48 : later, 64, CV_8UC3, cv::Scalar::all(20 * i));
      std::vector<unsigned char> bytes;
      cv::imencode(".jpg", image, bytes);
      stream.write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
    }
    stream.close();

    const std::string error = error_of([&] {
      const auto read = read_frames(path("changing.mjpeg").string(), {});
      EXPECT_EQ(read.frames.sizes().slice(1), torch::IntArrayRef({3, 48, 64}));
    });

    const bool is_named = error.find(": frame 5: expected 64x48") != std::string::npos;
    EXPECT_TRUE(is_named || error == "no error") << error;
  }
}

TEST_F(VideoSet, RefusesARangeThatIsNone) {
  write_grey_video(path("a.avi"), 2, 24, 32);
  VideoSetConfig all = config();
  all.range = {9, 3};

  EXPECT_EQ(error_of([&] { list_videos(all); }),
            "videos.range: expected two ascending numbers, [first, end)");
}

TEST_F(VideoSet, SaysWhatItLookedFor) {
  EXPECT_NE(error_of([&] { list_videos(config("nothing")); }).find("found none of them"),
            std::string::npos);
}

class Rollouts : public testing::Test {
 protected:
  static VideoSources sources(uint64_t seed) {
    VideoSetConfig config;
    config.data = {"magical"};
    config.tasks = {"MoveToRegion"};
    config.train = config.test = 2;
    config.seed = seed;
    return list_videos(config);
  }
};

// The robot and the goal region; a mask holds what is seen, so masks do not overlap.
TEST_F(Rollouts, HaveTheMaskOfEveryEntityInEveryFrame) {
  const auto clip = sources(1).train[0].load();

  ASSERT_EQ(clip.frames.sizes(), (std::vector<int64_t>{41, 3, 96, 96}));
  ASSERT_EQ(clip.objects.size(), 41u);
  for (const auto& objects : clip.objects) {
    ASSERT_EQ(objects.size(), 2u);
    EXPECT_GT(objects[0].mask.area(), 100);
    const auto a = objects[0].mask.bitmap(), b = objects[1].mask.bitmap();
    for (size_t i = 0; i < a.size(); ++i) ASSERT_FALSE(a[i] && b[i]);
  }
}

TEST_F(Rollouts, AreTheSameForTheSameSeedAndOtherOnesForTests) {
  const auto first = sources(1), same = sources(1);

  EXPECT_TRUE(torch::equal(first.train[0].load().frames, same.train[0].load().frames));
  EXPECT_FALSE(torch::equal(first.train[0].load().frames, first.test[0].load().frames));
  EXPECT_FALSE(torch::equal(first.train[0].load().frames, sources(2).train[0].load().frames));
}

}  // namespace
}  // namespace mint::training
