#include "training/commands/look.h"

#include <algorithm>

#include "envs/preprocessor.h"
#include "training/config_error.h"
#include "training/mask_view.h"

namespace mint::training {
namespace {

envs::Image view_of(const envs::Env& env, envs::Camera camera, bool shows_masks) {
  envs::Image image;
  envs::InstanceImage instances;
  envs::draw(env.scene(), env.state(), camera, image, shows_masks ? &instances : nullptr);
  if (shows_masks) blend_masks(instances, image);
  return image;
}

envs::Image side_by_side(const envs::Image& left, const envs::Image& right) {
  envs::Image both;
  both.width = left.width + right.width;
  both.height = left.height;
  for (int y = 0; y < both.height; ++y) {
    for (const envs::Image* image : {&left, &right}) {
      const auto row = image->rgb.begin() + std::ptrdiff_t{3} * y * image->width;
      both.rgb.insert(both.rgb.end(), row, row + std::ptrdiff_t{3} * image->width);
    }
  }
  return both;
}

Cameras cameras_of_preprocessor(const std::string& name) {
  const auto preprocessor = envs::parse_preprocessor(name);
  if (preprocessor == envs::Preprocessor::kNone) return Cameras::kAllo;
  bool has_allo = false, has_ego = false;
  for (const envs::ObservationArray& array : envs::observation_arrays(preprocessor)) {
    for (const envs::StackSlot& slot : array.slots) {
      (slot.camera == envs::Camera::kAllocentric ? has_allo : has_ego) = true;
    }
  }
  if (has_allo && has_ego) return Cameras::kBoth;
  return has_ego ? Cameras::kEgo : Cameras::kAllo;
}

}  // namespace

Cameras cameras_of(const std::string& name, const std::string& preprocessor) {
  if (name.empty()) return cameras_of_preprocessor(preprocessor);
  if (name == "allo") return Cameras::kAllo;
  if (name == "ego") return Cameras::kEgo;
  if (name == "both") return Cameras::kBoth;
  throw ConfigError("command line: --camera: expected allo, ego or both, got \"" + name + "\"");
}

Cameras next(Cameras cameras) {
  switch (cameras) {
    case Cameras::kAllo:
      return Cameras::kEgo;
    case Cameras::kEgo:
      return Cameras::kBoth;
    case Cameras::kBoth:
      break;
  }
  return Cameras::kAllo;
}

envs::Image picture_of(const envs::Env& env, const Look& look, const KeypointView* keypoints) {
  envs::Image allo;
  if (look.cameras != Cameras::kEgo) {
    allo = view_of(env, envs::Camera::kAllocentric, look.shows_masks);
    if (keypoints && look.shows_keypoints) allo = keypoints->over(allo);
  }
  if (look.cameras == Cameras::kAllo) return allo;
  const envs::Image ego = view_of(env, envs::Camera::kEgocentric, look.shows_masks);
  return look.cameras == Cameras::kEgo ? ego : side_by_side(allo, ego);
}

}  // namespace mint::training
