#include "training/mask_view.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include <gtest/gtest.h>

namespace mint::training {
namespace {

// A row of pixels of ids 0, 1, ... over white.
envs::Image row_of_ids(int count) {
  envs::InstanceImage instances;
  instances.width = count;
  instances.height = 1;
  for (int id = 0; id < count; ++id) instances.ids.push_back(static_cast<uint8_t>(id));
  envs::Image image;
  image.width = count;
  image.height = 1;
  image.rgb.assign(3 * static_cast<size_t>(count), 255);
  blend_masks(instances, image);
  return image;
}

TEST(BlendMasks, LeavesTheArenaAsItIs) {
  const envs::Image image = row_of_ids(1);

  EXPECT_EQ(image.rgb, std::vector<uint8_t>(3, 255));
}

// ClusterColour and ClusterShape have at most ten blocks and the robot.
TEST(BlendMasks, GivesElevenEntitiesColoursThatDiffer) {
  const envs::Image image = row_of_ids(12);

  for (int a = 0; a < 12; ++a) {
    for (int b = 0; b < a; ++b) {
      int difference = 0;
      for (int c = 0; c < 3; ++c) {
        difference = std::max(difference, std::abs(image.rgb[3 * a + c] - image.rgb[3 * b + c]));
      }
      EXPECT_GE(difference, 20) << a << " and " << b;
    }
  }
}

TEST(BlendMasks, LetsThePictureShineThrough) {
  envs::InstanceImage instances{2, 1, {3, 3}};
  envs::Image image{2, 1, {0, 0, 0, 200, 200, 200}};

  blend_masks(instances, image);

  for (int c = 0; c < 3; ++c) EXPECT_EQ(image.rgb[3 + c] - image.rgb[c], 50);
}

TEST(BlendMasks, RefusesAnotherSize) {
  envs::Image image{2, 2, std::vector<uint8_t>(12)};

  EXPECT_THROW(blend_masks({2, 1, {0, 0}}, image), std::invalid_argument);
}

}  // namespace
}  // namespace mint::training
