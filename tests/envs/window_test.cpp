// SDL's dummy driver stands in for a display: it takes everything and shows nothing.
#include "envs/window.h"

#include <SDL.h>

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include <gtest/gtest.h>

#include "envs/bitmap_font.h"

namespace mint::envs {
namespace {

Image plain(int size, uint8_t value) {
  Image image;
  image.width = image.height = size;
  image.rgb.assign(size_t{3} * size * size, value);
  return image;
}

class WindowTest : public testing::Test {
 protected:
  void SetUp() override { setenv("SDL_VIDEODRIVER", "dummy", 1); }
  void TearDown() override { unsetenv("SDL_VIDEODRIVER"); }

  static void press(SDL_Keycode code, Uint32 type = SDL_KEYDOWN) {
    SDL_Event event = {};
    event.type = type;
    event.key.keysym.sym = code;
    SDL_PushEvent(&event);
  }

  static std::pair<int, int> window_size() {  // of the only one
    int width = 0, height = 0;
    SDL_GetWindowSize(SDL_GetWindowFromID(1), &width, &height);
    return {width, height};
  }
};

TEST(Glyph, LooksAsDrawn) {
  EXPECT_EQ(glyph('L'), (std::array<uint8_t, 7>{16, 16, 16, 16, 16, 16, 31}));
  EXPECT_EQ(glyph('~'), (std::array<uint8_t, 7>{0, 0, 8, 21, 2, 0, 0}));
  EXPECT_EQ(glyph('\n'), glyph('?'));
  EXPECT_EQ(glyph('\xc3'), glyph('?'));
}

TEST(DrawText, EnlargesAndClips) {
  Image image = plain(20, 255);

  draw_text(image, 4, 2, 2, {1, 2, 3}, "L");
  draw_text(image, 17, -3, 1, {1, 2, 3}, "LLLL");

  const auto red = [&](int x, int y) { return int{image.rgb[3 * (20 * y + x)]}; };
  EXPECT_EQ(red(4, 2), 1);
  EXPECT_EQ(red(5, 15), 1);
  EXPECT_EQ(red(6, 2), 255);
  EXPECT_EQ(red(13, 14), 1);
  EXPECT_EQ(red(14, 14), 255);
  EXPECT_EQ(red(17, 0), 1);
  EXPECT_EQ(red(19, 3), 1);
  EXPECT_EQ(red(19, 4), 255);
}

TEST_F(WindowTest, EnlargesTheImageByAWholeFactorAndWritesOverIt) {
  Window window("test", 200);
  Image image = plain(96, 200);
  image.rgb[3 * (96 * 95 + 95)] = 7;  // the last pixel's red

  window.show(image, {"L"});

  ASSERT_EQ(window.shown().width, 288);  // 3 x 96 >= 200
  EXPECT_EQ(int{window.shown().rgb[3 * (288 * 285 + 285)]}, 7);
  EXPECT_EQ(int{window.shown().rgb[3 * (288 * 287 + 287)]}, 7);
  EXPECT_EQ(int{window.shown().rgb[3 * (288 * 284 + 285)]}, 200);
  EXPECT_EQ(int{window.shown().rgb[3 * (288 * 5 + 5)]}, 20);  // text
}

TEST_F(WindowTest, ReportsKeysOnceAndInOrder) {
  Window window("test");
  window.poll();
  press(SDLK_UP);
  press(SDLK_q);
  press(SDLK_PERIOD);
  press(SDLK_PERIOD, SDL_KEYUP);
  press(SDLK_KP_ENTER);
  press(SDLK_m);
  press(SDLK_r);

  EXPECT_EQ(window.poll(),
            (std::vector<Key>{Key::kUp, Key::kPeriod, Key::kReturn, Key::kM, Key::kR}));
  EXPECT_TRUE(window.is_down(Key::kUp));
  EXPECT_TRUE(window.is_down(Key::kPeriod));  // a tap
  EXPECT_FALSE(window.is_down(Key::kLeft));

  EXPECT_TRUE(window.poll().empty());
  EXPECT_TRUE(window.is_down(Key::kUp));
  EXPECT_FALSE(window.is_down(Key::kPeriod));
}

TEST_F(WindowTest, KnowsThatItWasClosed) {
  Window window("test");
  EXPECT_TRUE(window.is_open());
  SDL_Event event = {};
  event.type = SDL_QUIT;
  SDL_PushEvent(&event);

  window.poll();

  EXPECT_FALSE(window.is_open());
}

TEST_F(WindowTest, PacesFramesEvenly) {
  Window window("test");
  window.pace(50);
  const auto start = std::chrono::steady_clock::now();

  for (int i = 0; i < 10; ++i) window.pace(50);

  // 0.2 s, less by what a busy machine was late for the first frame.
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
  EXPECT_GE(passed.count(), 0.15);
}

TEST_F(WindowTest, TakesTheShapeOfTheImage) {
  Window window("test", 100);
  window.show(plain(50, 0));
  EXPECT_EQ(window_size(), (std::pair{100, 100}));
  Image two_cameras = plain(50, 0);
  two_cameras.width = 100;
  two_cameras.rgb.resize(size_t{3} * 50 * 100);

  window.show(two_cameras);
  EXPECT_EQ(window_size(), (std::pair{200, 100}));
  EXPECT_EQ(window.shown().width, 200);
  EXPECT_EQ(window.shown().height, 100);

  window.show(plain(50, 0));
  EXPECT_EQ(window_size(), (std::pair{100, 100}));
}

TEST_F(WindowTest, RefusesAnEmptyImage) {
  Window window("test");

  EXPECT_THROW(window.show(Image{}), std::invalid_argument);
}

TEST(Window, WithoutADisplayIsOneClearError) {
  for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"}) unsetenv(name);

  try {
    Window window("test");
    FAIL() << "opened a window on a " << SDL_GetCurrentVideoDriver();
  } catch (const std::runtime_error& error) {
    const std::string message = error.what();
    EXPECT_EQ(
        message.find("window: display: expected one that SDL can open, got DISPLAY=(unset); "), 0u)
        << message;
    EXPECT_EQ(message.find('\n'), std::string::npos);
  }
}

}  // namespace
}  // namespace mint::envs
