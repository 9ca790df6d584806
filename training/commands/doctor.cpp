// `mint doctor`: one line per item, `ok|slow|missing  item  detail`, and what mends it.
#include <cstdio>
#include <cstdlib>

#include <SDL.h>

#include "perception/video.h"
#include "training/commands/commands.h"
#include "training/environment_report.h"

namespace mint::training {
namespace {

EnvironmentItem video_codecs() {
  std::string names;
  for (const std::string& codec : perception::video_codecs()) {
    names += (names.empty() ? "" : ", ") + codec;
  }
  if (!names.empty()) return {"video", "writes " + names};
  return {"video", "no codec can be written", Health::kMissing,
          "apt-get install libopencv-videoio406", /*is_needed=*/true};
}

EnvironmentItem display() {
  const char* name = std::getenv("DISPLAY");
  const char* wayland = std::getenv("WAYLAND_DISPLAY");
  const std::string shown = name ? name : wayland ? wayland : "";
  SDL_SetHint(SDL_HINT_VIDEODRIVER, wayland ? "x11,wayland" : "x11");
  const bool is_open = !shown.empty() && SDL_InitSubSystem(SDL_INIT_VIDEO) == 0;
  if (is_open) SDL_QuitSubSystem(SDL_INIT_VIDEO);
  if (is_open) return {"display", shown};
  return {"display", shown.empty() ? "none; only mint play needs it" : shown + " does not answer",
          Health::kMissing, "xvfb-run -a mint play ..."};
}

EnvironmentItem optional_program(const std::string& name, const std::string& purpose,
                                 const std::string& package) {
  const std::string file = find_program(name);
  if (!file.empty()) return {name, file};
  return {name, purpose, Health::kMissing, "apt-get install " + package};
}

const char* word(Health health) {
  switch (health) {
    case Health::kOk:
      return "ok";
    case Health::kSlow:
      return "slow";
    default:
      return "missing";
  }
}

}  // namespace

int doctor() {
  auto items = describe_environment();
  items.push_back(video_codecs());
  items.push_back(display());
  items.push_back(optional_program("xvfb-run", "optional: windows without a screen", "xvfb"));
  items.push_back(optional_program("ccache", "optional: faster builds", "ccache"));
  bool can_run = true;
  for (const EnvironmentItem& item : items) {
    std::printf("%-8s %-10s %s", word(item.health), item.name.c_str(), item.detail.c_str());
    if (!item.remedy.empty()) std::printf("; mend it: %s", item.remedy.c_str());
    std::printf("\n");
    if (item.is_needed && item.health == Health::kMissing) can_run = false;
  }
  return can_run ? 0 : 1;
}

}  // namespace mint::training
