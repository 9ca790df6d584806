#include "perception/video_reader.h"

#include <fstream>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "perception/video.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"

namespace mint::perception {
namespace {

using torch::Tensor;

class VideoReading : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  // GIF keeps colours exactly: frame i is grey 40 i.
  std::string write_film(int frames) const {
    VideoWriter writer(path("film.gif"), 24, 32, 10);
    for (int i = 0; i < frames; ++i) {
      writer.write(torch::full({3, 24, 32}, 40 * i, torch::kUInt8));
    }
    writer.close();
    return writer.file();
  }

 private:
  tests::TemporaryFolder folder_;
};

TEST_F(VideoReading, GivesFramesInOrderUntilTheLast) {
  VideoReader reader(write_film(4));

  EXPECT_EQ(reader.next()[0][0][0].item<int>(), 0);
  EXPECT_TRUE(reader.skip());
  EXPECT_EQ(reader.next()[0][0][0].item<int>(), 80);
  EXPECT_EQ(reader.next().sizes().vec(), (std::vector<int64_t>{3, 24, 32}));
  EXPECT_FALSE(reader.next().defined());
  EXPECT_FALSE(reader.skip());
  EXPECT_EQ(reader.decoded(), 4);
}

TEST_F(VideoReading, KnowsSizeAndRate) {
  VideoWriter writer(path("film.avi"), 24, 32, 10);
  writer.write(torch::zeros({3, 24, 32}, torch::kUInt8));
  writer.close();

  VideoReader reader(path("film.avi"));

  EXPECT_EQ(reader.height(), 24);
  EXPECT_EQ(reader.width(), 32);
  EXPECT_NEAR(reader.frames_per_s(), 10, 0.1);
  EXPECT_EQ(reader.announced_frames(), 1);
}

TEST_F(VideoReading, NamesAFileThatIsNoVideo) {
  std::ofstream(path("a.mp4")) << "no video";
  std::ofstream(path("empty.mp4")).close();

  for (const std::string name : {"a.mp4", "empty.mp4"}) {
    EXPECT_EQ(tests::error_of([&] { VideoReader reader(path(name)); }),
              path(name) + ": cannot decode; expected a video that OpenCV can read");
  }
  EXPECT_EQ(tests::error_of([&] { VideoReader reader(path("none.mp4")); }),
            path("none.mp4") + ": expected a video file, found none");
}

TEST(ResizeFrame, AveragesAreasWhereItShrinks) {
  const Tensor frame = torch::zeros({3, 4, 4}, torch::kUInt8);
  frame.slice(1, 0, 2).slice(2, 0, 1).fill_(100);  // half of the first 2x2 pixels

  const Tensor small = resize_frame(frame, 2, 2);

  EXPECT_EQ(small.sizes().vec(), (std::vector<int64_t>{3, 2, 2}));
  EXPECT_EQ(small[1][0][0].item<int>(), 50);
  EXPECT_EQ(small[1][1][1].item<int>(), 0);
}

TEST(ResizeFrame, InterpolatesWhereItEnlarges) {
  const Tensor frame = torch::zeros({3, 1, 2}, torch::kUInt8);
  frame.select(2, 1).fill_(100);

  const Tensor large = resize_frame(frame, 1, 4);  // centres at -0.25, 0.25, 0.75, 1.25

  EXPECT_EQ(large[0][0][1].item<int>(), 25);
  EXPECT_EQ(large[0][0][2].item<int>(), 75);
  EXPECT_TRUE(torch::equal(resize_frame(frame, 1, 2), frame));
}

}  // namespace
}  // namespace mint::perception
