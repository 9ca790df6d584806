#include "envs/surface.h"

#include <gtest/gtest.h>

#include "envs/draw.h"
#include "envs/task.h"

namespace mint::envs {
namespace {

TEST(Surface, ShowsWhatIsDrawnIntoItsImage) {
  const Scene scene = sample_scene("MoveToRegion", "Demo", /*seed=*/0);
  Image image;
  image.width = image.height = kFullSize_px;
  image.rgb.assign(3 * kFullSize_px * kFullSize_px, 0);
  const Surface surface = make_surface(image);

  draw(scene, initial_state(scene), Camera::kAllocentric, image);

  const auto* row = static_cast<const uint8_t*>(surface->pixels);
  EXPECT_EQ(surface->w, kFullSize_px);
  EXPECT_EQ(row[0], 231);  // the background of section 7: 231, 231, 234
  EXPECT_EQ(row[2], 234);
}

TEST(Surface, IsWhatSdlConvertsAndBlits) {
  Image image;
  image.width = image.height = 2;
  image.rgb = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  const Surface surface = make_surface(image);

  const Surface copy(SDL_ConvertSurfaceFormat(surface.get(), SDL_PIXELFORMAT_RGBA32, 0));

  ASSERT_TRUE(copy);
  const auto* second_row = static_cast<const uint8_t*>(copy->pixels) + copy->pitch;
  EXPECT_EQ(second_row[0], 7);  // red of the first pixel of the second row
  EXPECT_EQ(second_row[5], 11);
}

}  // namespace
}  // namespace mint::envs
