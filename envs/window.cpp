#include "envs/window.h"

#include <SDL.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "envs/caption.h"
#include "envs/surface.h"

namespace mint::envs {
namespace {

using Clock = std::chrono::steady_clock;

struct DestroyWindow {
  void operator()(SDL_Window* window) const { SDL_DestroyWindow(window); }
};
struct DestroyRenderer {
  void operator()(SDL_Renderer* renderer) const { SDL_DestroyRenderer(renderer); }
};
struct DestroyTexture {
  void operator()(SDL_Texture* texture) const { SDL_DestroyTexture(texture); }
};

struct VideoSubsystem {
  VideoSubsystem() {
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");  // Ctrl-C belongs to the program
    if (!std::getenv("SDL_VIDEODRIVER")) {
      // Left to itself SDL would end with a driver that shows nothing; libwayland complains on
      // stderr where there is no Wayland.
      SDL_SetHint(SDL_HINT_VIDEODRIVER, std::getenv("WAYLAND_DISPLAY") ? "x11,wayland" : "x11");
    }
    if (SDL_InitSubSystem(SDL_INIT_VIDEO) == 0) return;
    const char* display = std::getenv("DISPLAY");
    throw std::runtime_error("window: display: expected one that SDL can open, got DISPLAY=" +
                             std::string(display ? display : "(unset)") + "; " + SDL_GetError() +
                             "; without a screen, run under xvfb-run");
  }
  ~VideoSubsystem() { SDL_QuitSubSystem(SDL_INIT_VIDEO); }
};

template <typename T>
T* opened(T* handle, const char* what) {
  if (handle) return handle;
  throw std::runtime_error(std::string("window: ") + what + ": expected SDL to open it, got " +
                           SDL_GetError());
}

// The place in Key of an SDL key, or -1.
int key_index(SDL_Keycode code) {
  constexpr std::array<SDL_Keycode, kKeys> kCodes = {
      SDLK_UP,     SDLK_DOWN, SDLK_LEFT, SDLK_RIGHT, SDLK_SPACE, SDLK_ESCAPE, SDLK_RETURN,
      SDLK_PERIOD, SDLK_c,    SDLK_k,    SDLK_m,     SDLK_p,     SDLK_r};  // as in Key
  if (code == SDLK_KP_ENTER) code = SDLK_RETURN;
  for (int i = 0; i < kKeys; ++i) {
    if (kCodes[i] == code) return i;
  }
  return -1;
}

}  // namespace

struct Window::Display {
  VideoSubsystem video;
  int size_px;
  std::unique_ptr<SDL_Window, DestroyWindow> window;
  std::unique_ptr<SDL_Renderer, DestroyRenderer> renderer;
  std::unique_ptr<SDL_Texture, DestroyTexture> texture;
  Image shown;
  bool is_open = true;
  std::array<bool, kKeys> down = {};    // now
  std::array<bool, kKeys> tapped = {};  // pressed since the poll before
  Clock::time_point next_frame = Clock::now();

  // Drawing by the CPU is fast enough and works everywhere, also over a network.
  Display(const std::string& title, int size)
      : size_px(size),
        window(opened(SDL_CreateWindow(title.c_str(), SDL_WINDOWPOS_CENTERED,
                                       SDL_WINDOWPOS_CENTERED, size, size, SDL_WINDOW_RESIZABLE),
                      "window")),
        renderer(opened(SDL_CreateRenderer(window.get(), -1, SDL_RENDERER_SOFTWARE), "renderer")) {}

  // Gives the window the shape of what is shown, as large as it is unless the screen is smaller.
  void fit_window() {
    int width = 0, height = 0;
    SDL_GetWindowSize(window.get(), &width, &height);
    if (int64_t{width} * shown.height == int64_t{height} * shown.width) return;
    width = height * shown.width / shown.height;
    SDL_Rect screen;
    const int display = SDL_GetWindowDisplayIndex(window.get());
    if (SDL_GetDisplayUsableBounds(display, &screen) == 0 && width > screen.w) {
      width = screen.w;
      height = width * shown.height / shown.width;
    }
    SDL_SetWindowSize(window.get(), width, height);
    SDL_SetWindowPosition(window.get(), SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED);
  }
};

Window::Window(const std::string& title, int size_px)
    : display_(std::make_unique<Display>(title, size_px)) {}

Window::~Window() = default;

void Window::show(const Image& image, const std::vector<std::string>& lines) {
  Display& d = *display_;
  const int width_before = d.shown.width, height_before = d.shown.height;
  caption(image, enlargement(image, d.size_px), lines, d.shown);
  const int width = d.shown.width, height = d.shown.height;
  if (!d.texture || width != width_before || height != height_before) {
    d.texture.reset(opened(SDL_CreateTexture(d.renderer.get(), SDL_PIXELFORMAT_RGB24,
                                             SDL_TEXTUREACCESS_STREAMING, width, height),
                           "texture"));
    d.fit_window();
    SDL_RenderSetLogicalSize(d.renderer.get(), width, height);  // keeps its shape when resized
  }
  const Surface surface = make_surface(d.shown);
  SDL_UpdateTexture(d.texture.get(), nullptr, surface->pixels, surface->pitch);
  SDL_RenderClear(d.renderer.get());
  SDL_RenderCopy(d.renderer.get(), d.texture.get(), nullptr, nullptr);
  SDL_RenderPresent(d.renderer.get());
}

const Image& Window::shown() const {
  return display_->shown;
}

std::vector<Key> Window::poll() {
  Display& d = *display_;
  d.tapped = {};
  std::vector<Key> pressed;
  SDL_Event event;
  while (SDL_PollEvent(&event)) {
    if (event.type == SDL_QUIT) d.is_open = false;
    if (event.type != SDL_KEYDOWN && event.type != SDL_KEYUP) continue;
    const int key = key_index(event.key.keysym.sym);
    if (key < 0) continue;
    d.down[key] = event.type == SDL_KEYDOWN;
    if (event.type == SDL_KEYDOWN && event.key.repeat == 0) {
      d.tapped[key] = true;
      pressed.push_back(static_cast<Key>(key));
    }
  }
  return pressed;
}

bool Window::is_down(Key key) const {
  const int i = static_cast<int>(key);
  return display_->down[i] || display_->tapped[i];
}

bool Window::is_open() const {
  return display_->is_open;
}

void Window::pace(double fps) {
  const auto period =
      std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / fps));
  Clock::time_point& next = display_->next_frame;
  next = std::max(next + period, Clock::now());
  std::this_thread::sleep_until(next);
}

}  // namespace mint::envs
