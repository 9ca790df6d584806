// GIF files, read back by OpenCV's decoder.
#include "perception/gif.h"

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/perception/all_frames.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

namespace mint::perception {
namespace {

using tests::all_frames;
using Frame = std::vector<uint8_t>;  // RGB [height, width, 3]

// `colours` different ones in no order.
Frame speckled(int height, int width, int colours, unsigned seed) {
  std::mt19937 random(seed);
  Frame frame;
  for (int i = 0; i < height * width; ++i) {
    const unsigned k = random() % static_cast<unsigned>(colours);
    for (const unsigned value : {k * 37, k / 7, 255 - k}) {
      frame.push_back(static_cast<uint8_t>(value));
    }
  }
  return frame;
}

class Gif : public testing::Test {
 protected:
  std::string path() const { return (folder_.path() / "a.gif").string(); }

  std::string write(const std::vector<Frame>& frames, int height, int width, double rate) const {
    std::ofstream out(path(), std::ios::binary);
    GifWriter writer(out, height, width, rate);
    for (const Frame& frame : frames) writer.write(frame.data());
    writer.finish();
    return path();
  }

  // Frame i as it is shown.
  static Frame shown(const torch::Tensor& film, int64_t i) {
    const torch::Tensor rgb = film[i].permute({1, 2, 0}).contiguous();
    return {rgb.data_ptr<uint8_t>(), rgb.data_ptr<uint8_t>() + rgb.numel()};
  }

 private:
  tests::TemporaryFolder folder_;
};

// 256 colours without order fill the code table again and again.
TEST_F(Gif, KeepsUpTo256ColoursExactly) {
  for (const int colours : {1, 2, 3, 4, 5, 17, 128, 255, 256}) {
    std::vector<Frame> frames;
    for (unsigned i = 0; i < 3; ++i) frames.push_back(speckled(61, 103, colours, i));

    const torch::Tensor film = all_frames(write(frames, 61, 103, 10));

    ASSERT_EQ(film.size(0), 3) << colours;
    for (int64_t i = 0; i < 3; ++i) {
      EXPECT_EQ(shown(film, i), frames[static_cast<size_t>(i)]) << colours << " frame " << i;
    }
  }
}

TEST_F(Gif, KeepsWhatDoesNotChange) {
  std::vector<Frame> frames(4, speckled(40, 50, 200, 1));
  frames[1][3 * (50 * 39 + 49)] ^= 255;  // the last pixel
  frames[2] = frames[1];
  frames[3][0] ^= 255;  // the first, and the last one back

  const torch::Tensor film = all_frames(write(frames, 40, 50, 8));

  ASSERT_EQ(film.size(0), 4);
  for (size_t i = 0; i < 4; ++i) EXPECT_EQ(shown(film, static_cast<int64_t>(i)), frames[i]) << i;
}

TEST_F(Gif, StoresOnlyTheRectangleThatChanged) {
  std::vector<Frame> frames(2, speckled(100, 100, 256, 1));
  const auto one = std::filesystem::file_size(write({frames[0]}, 100, 100, 8));

  frames[1][0] ^= 255;

  EXPECT_LT(std::filesystem::file_size(write(frames, 100, 100, 8)), one + 50);
}

TEST_F(Gif, CountsTimeInHundredthsWithoutDrift) {
  const std::string bytes = tests::read_file(write(std::vector<Frame>(5, Frame(12)), 2, 2, 8));

  std::vector<int> delays;
  const std::string control("\x21\xf9\x04\x04", 4);
  for (size_t at = bytes.find(control); at != std::string::npos; at = bytes.find(control, at + 1)) {
    delays.push_back(static_cast<uint8_t>(bytes[at + 4]));
  }
  EXPECT_EQ(delays, (std::vector<int>{13, 12, 13, 12, 13}));  // 12.5, 25, 37.5, 50, 62.5 rounded up
  EXPECT_EQ(bytes.substr(0, 6), "GIF89a");
  EXPECT_NE(bytes.find(std::string("NETSCAPE2.0\x03\x01\x00\x00\x00", 16)), std::string::npos);
  EXPECT_EQ(bytes.back(), ';');
}

TEST_F(Gif, ShowsManyColoursByNearOnes) {
  Frame smooth;
  for (int y = 0; y < 128; ++y) {
    for (int x = 0; x < 128; ++x) {
      for (const int value : {2 * x, 2 * y, x + y}) smooth.push_back(static_cast<uint8_t>(value));
    }
  }

  const Frame seen = shown(all_frames(write({smooth}, 128, 128, 8)), 0);

  double squares = 0;
  for (size_t i = 0; i < seen.size(); ++i) {
    const double error = double(seen[i]) - smooth[i];
    squares += error * error;
    EXPECT_LE(std::abs(error), 60) << i;
  }
  EXPECT_LT(squares / static_cast<double>(seen.size()), 150);  // giflib 5.2: 100
}

// A white floor must not turn grey in the frames of a film that have many colours beside it.
TEST_F(Gif, KeepsTheColoursOfAreasExactlyAmongManyOthers) {
  Frame frame = speckled(100, 100, 256, 1);
  for (size_t i = 0; i < 3 * 5000; ++i) frame[i] = i < 3 * 4000 ? 255 : 231;
  for (size_t i = 3 * 5000; i < 3 * 5400; ++i) frame[i] = static_cast<uint8_t>(i % 251);

  const Frame seen = shown(all_frames(write({frame}, 100, 100, 8)), 0);

  EXPECT_TRUE(std::equal(frame.begin(), frame.begin() + 3 * 5000, seen.begin()));
  EXPECT_NE(seen, frame);  // more than 256 colours
}

TEST(GifWriter, RefusesWhatAGifCannotHave) {
  std::ostringstream out;
  EXPECT_THROW(GifWriter(out, 0, 10, 8), std::invalid_argument);
  EXPECT_THROW(GifWriter(out, 10, 65536, 8), std::invalid_argument);
  EXPECT_THROW(GifWriter(out, 10, 10, 0), std::invalid_argument);
  EXPECT_THROW(GifWriter(out, 10, 10, 51), std::invalid_argument);
  EXPECT_EQ(out.str(), "");
}

}  // namespace
}  // namespace mint::perception
