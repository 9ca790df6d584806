#include "training/image_tensor.h"

#include <gtest/gtest.h>

namespace mint::training {
namespace {

TEST(ImageTensor, PutsChannelsFirstAndBack) {
  const std::vector<uint8_t> rgb = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18};

  const auto image = to_tensor(rgb, /*height=*/3, /*width=*/2);

  EXPECT_EQ(image.sizes(), (std::vector<int64_t>{3, 3, 2}));
  EXPECT_EQ(image[0][0][1].item<int>(), 4);   // red of the second pixel of the first row
  EXPECT_EQ(image[2][2][0].item<int>(), 15);  // blue of the first pixel of the last row
  EXPECT_EQ(to_image(image).rgb, rgb);
  EXPECT_EQ(to_image(image).height, 3);
}

}  // namespace
}  // namespace mint::training
