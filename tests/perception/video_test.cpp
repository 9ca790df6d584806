#include "perception/video.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "perception/video_reader.h"
#include "tests/perception/all_frames.h"
#include "tests/support/error_of.h"

namespace mint::perception {
namespace {

using tests::all_frames;
using torch::Tensor;

class VideoFile : public testing::Test {
 protected:
  VideoFile() { std::filesystem::create_directories(folder_); }
  ~VideoFile() override { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  // Frame i is uniformly (200, 40, 20 i).
  static Tensor frame(int i, int64_t height, int64_t width) {
    const Tensor colour = torch::tensor({200, 40, 20 * i}, torch::kUInt8);
    return colour.reshape({3, 1, 1}).expand({3, height, width}).contiguous();
  }

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("mint_video_" + std::to_string(getpid()));
};

TEST_F(VideoFile, OfARateThatAGifCannotHaveLeavesNothing) {
  EXPECT_THROW(VideoWriter(path("k.gif"), 8, 8, 100), std::invalid_argument);

  EXPECT_TRUE(std::filesystem::is_empty(std::filesystem::path(path("k.gif")).parent_path()));
}

TEST_F(VideoFile, RoundTripKeepsFramesSizeAndChannelOrder) {
  VideoWriter writer(path("a.mp4"), 48, 64, 10);
  for (int i = 0; i < 6; ++i) writer.write(frame(i, 48, 64));
  writer.close();

  const Tensor frames = all_frames(writer.file());

  EXPECT_EQ(frames.sizes().vec(), (std::vector<int64_t>{6, 3, 48, 64}));
  EXPECT_NEAR(VideoReader(writer.file()).frames_per_s(), 10, 0.01);
  for (int i = 0; i < 6; ++i) {  // lossy codecs: a few grey levels
    const Tensor error = frames[i].to(torch::kInt) - frame(i, 48, 64).to(torch::kInt);
    EXPECT_LT(error.abs().max().item<int>(), 12) << "frame " << i;
  }
}

TEST_F(VideoFile, NamesTheFileByItsCodec) {
  VideoWriter writer(path("b"), 48, 64, 10);
  writer.write(frame(0, 48, 64));
  writer.close();

  EXPECT_TRUE(std::filesystem::exists(writer.file()));
  EXPECT_EQ(std::filesystem::path(writer.file()).extension(),
            writer.codec() == "MJPG" ? ".avi" : ".mp4");
}

TEST_F(VideoFile, CutsOddSizesByOnePixel) {
  VideoWriter writer(path("c.mp4"), 49, 65, 10);
  for (int i = 0; i < 2; ++i) writer.write(frame(i, 49, 65));
  writer.close();

  EXPECT_EQ(all_frames(writer.file()).sizes().vec(), (std::vector<int64_t>{2, 3, 48, 64}));
}

TEST_F(VideoFile, AWrongFrameSizeIsAnError) {
  VideoWriter writer(path("e.mp4"), 48, 64, 10);
  EXPECT_THROW(writer.write(frame(0, 64, 48)), std::invalid_argument);
}

std::string error_of_writing(const std::string& file) {
  return tests::error_of([&] { VideoWriter(file, 48, 64, 10); });
}

TEST_F(VideoFile, SaysWhichFolderCannotBeWritten) {
  for (const char* extension : {".mp4", ".avi", ".gif", ""}) {
    const std::string file = std::string("/nonexistent/f") + extension;
    EXPECT_EQ(error_of_writing(file), file + ": cannot be written: No such file or directory");
  }
  std::filesystem::create_directories(path("folder.mp4"));
  EXPECT_EQ(error_of_writing(path("folder.mp4")),
            path("folder.mp4") + ": cannot be written: Is a directory");
}

TEST_F(VideoFile, NamesTheExtensionsThatItKnows) {
  EXPECT_EQ(error_of_writing(path("f.webm")),
            path("f.webm") + ": video: expected a name that ends in .mp4, .avi or .gif, got .webm");
}

TEST_F(VideoFile, HasItsNameOnlyWhenItIsClosed) {
  for (const char* name : {"g.mp4", "g.avi", "g.gif", "G.GIF"}) {
    {
      VideoWriter dropped(path(name), 48, 64, 10);
      dropped.write(frame(0, 48, 64));
      EXPECT_FALSE(std::filesystem::exists(path(name)));
    }
    EXPECT_TRUE(std::filesystem::is_empty(path(""))) << name;

    VideoWriter writer(path(name), 48, 64, 10);
    for (int i = 0; i < 3; ++i) writer.write(frame(i, 48, 64));
    writer.close();

    EXPECT_EQ(all_frames(path(name)).size(0), 3) << name;
    std::filesystem::remove(path(name));
    EXPECT_TRUE(std::filesystem::is_empty(path(""))) << name;
  }
}

TEST_F(VideoFile, ReplacesAnEarlierOne) {
  std::ofstream(path("h.gif")) << "old";
  VideoWriter writer(path("h.gif"), 5, 7, 10);
  writer.write(frame(4, 5, 7));
  writer.close();

  const Tensor frames = all_frames(path("h.gif"));

  ASSERT_EQ(frames.sizes().vec(), (std::vector<int64_t>{1, 3, 5, 7}));  // no side is cut
  EXPECT_TRUE(torch::equal(frames[0], frame(4, 5, 7)));
}

TEST_F(VideoFile, WithoutAFrameIsAnErrorAndLeavesNothing) {
  {
    VideoWriter writer(path("i.mp4"), 48, 64, 10);
    EXPECT_EQ(tests::error_of([&] { writer.close(); }),
              path("i.mp4") + ": video: expected a frame, got none");
  }
  EXPECT_TRUE(std::filesystem::is_empty(path("")));
}

TEST_F(VideoFile, SaysWhenTheDiskIsFullAndLeavesNothing) {
  signal(SIGXFSZ, SIG_IGN);
  rlimit before;
  getrlimit(RLIMIT_FSIZE, &before);
  rlimit little = before;
  little.rlim_cur = 20000;
  const torch::Tensor noise = torch::randint(0, 255, {3, 200, 200}).to(torch::kUInt8);
  for (const char* name : {"j.mp4", "j.avi", "j.gif"}) {
    setrlimit(RLIMIT_FSIZE, &little);
    const std::string message = tests::error_of([&] {
      VideoWriter writer(path(name), 200, 200, 10);
      for (int i = 0; i < 4; ++i) writer.write(noise);
      writer.close();
    });
    setrlimit(RLIMIT_FSIZE, &before);

    EXPECT_EQ(message.rfind(path(name) + ": ", 0), 0u) << message;
    EXPECT_TRUE(std::filesystem::is_empty(path(""))) << name << ": " << message;
  }
}

TEST(VideoCodecs, AtLeastOneWorks) {
  EXPECT_FALSE(video_codecs().empty());
}

}  // namespace
}  // namespace mint::perception
