#include "perception/video.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <torch/torch.h>
#include <unistd.h>

#include "perception/runtime.h"
#include "tests/support/error_of.h"

#ifdef __SANITIZE_ADDRESS__
// GStreamer, which OpenCV asks last, keeps some of its memory.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libglib\n";
}
#endif

namespace mint::perception {
namespace {

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

TEST_F(VideoFile, RoundTripKeepsFramesSizeAndChannelOrder) {
  VideoWriter writer(path("a.mp4"), 48, 64, 10);
  for (int i = 0; i < 6; ++i) writer.write(frame(i, 48, 64));
  writer.close();

  const Video video = read_video(writer.file());

  EXPECT_EQ(video.frames.sizes().vec(), (std::vector<int64_t>{6, 3, 48, 64}));
  EXPECT_NEAR(video.frames_per_s, 10, 0.01);
  for (int i = 0; i < 6; ++i) {  // lossy codecs: a few grey levels
    const Tensor error = video.frames[i].to(torch::kInt) - frame(i, 48, 64).to(torch::kInt);
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

  EXPECT_EQ(read_video(writer.file()).frames.sizes().vec(), (std::vector<int64_t>{2, 3, 48, 64}));
}

TEST_F(VideoFile, ReadsEveryNthFrameResizedUpToALimit) {
  VideoWriter writer(path("d.mp4"), 48, 64, 10);
  for (int i = 0; i < 10; ++i) writer.write(frame(i, 48, 64));
  writer.close();
  VideoSelection selection;
  selection.every = 3;
  selection.limit = 3;
  selection.height = 24;
  selection.width = 32;

  const Video video = read_video(writer.file(), selection);

  EXPECT_EQ(video.frames.sizes().vec(), (std::vector<int64_t>{3, 3, 24, 32}));
  EXPECT_NEAR(video.frames[2][2].to(torch::kFloat).mean().item<float>(), 20 * 6, 6);
}

TEST_F(VideoFile, AWrongFrameSizeIsAnError) {
  VideoWriter writer(path("e.mp4"), 48, 64, 10);
  EXPECT_THROW(writer.write(frame(0, 64, 48)), std::invalid_argument);
}

std::string message_of(const std::string& file) {
  return tests::error_of<std::runtime_error>([&] { read_video(file); });
}

TEST_F(VideoFile, SaysWhatIsWrongWithAFileThatIsNoVideo) {
  start_runtime();
  const std::string missing = path("missing.mp4"), text = path("text.mp4");
  std::ofstream(text) << "this is not a video";

  EXPECT_EQ(message_of(missing), missing + ": expected a video file, found none");
  EXPECT_EQ(message_of(text).rfind(text + ": cannot decode", 0), 0u) << message_of(text);
}

TEST_F(VideoFile, SaysWhichFolderCannotBeWritten) {
  EXPECT_THROW(VideoWriter("/nonexistent/f.mp4", 48, 64, 10), std::runtime_error);
}

TEST(VideoCodecs, AtLeastOneWorks) {
  EXPECT_FALSE(video_codecs().empty());
}

}  // namespace
}  // namespace mint::perception
