#include "perception/pixel_keypoints.h"

#include <set>
#include <stdexcept>
#include <string>

namespace mint::perception {
namespace {

std::string size_text(int64_t height, int64_t width) {
  return std::to_string(height) + "x" + std::to_string(width);
}

void require(bool holds, const std::string& where, const std::string& what,
             const std::string& expected, const std::string& got) {
  if (holds) return;
  throw std::invalid_argument(where + ": " + what + ": expected " + expected + ", got " + got);
}

}  // namespace

bool contains_point(const RunLengthMask& mask, const double xy[2]) {
  const bool is_in_image = xy[0] >= 0 && xy[0] < static_cast<double>(mask.width()) && xy[1] >= 0 &&
                           xy[1] < static_cast<double>(mask.height());
  return is_in_image && mask.contains(static_cast<int64_t>(xy[0]), static_cast<int64_t>(xy[1]));
}

bool is_inside(const PixelKeypoints& keypoints, int64_t frame, int64_t keypoint,
               const RunLengthMask& mask) {
  return keypoints.is_active(frame, keypoint) &&
         contains_point(mask, keypoints.at(frame, keypoint));
}

void require_consistent(const char* where, const PixelKeypoints& keypoints,
                        const std::vector<FrameObjects>& objects) {
  const auto rows = static_cast<size_t>(keypoints.frames * keypoints.keypoints);
  require(keypoints.frames > 0 && keypoints.keypoints > 0, where, "keypoints",
          "at least one frame and one keypoint", size_text(keypoints.frames, keypoints.keypoints));
  require(
      keypoints.xy.size() == 2 * rows && keypoints.active.size() == rows, where, "keypoints",
      std::to_string(rows) + " positions and flags",
      std::to_string(keypoints.xy.size() / 2) + " and " + std::to_string(keypoints.active.size()));
  require(objects.size() == static_cast<size_t>(keypoints.frames), where, "objects",
          "those of " + std::to_string(keypoints.frames) + " frames",
          "of " + std::to_string(objects.size()));
  for (size_t frame = 0; frame < objects.size(); ++frame) {
    std::set<int> seen;
    for (const ObjectMask& object : objects[frame]) {
      const std::string what =
          "object " + std::to_string(object.object) + " of frame " + std::to_string(frame);
      require(seen.insert(object.object).second, where, what, "it once", "it twice");
      require(object.mask.height() == keypoints.height && object.mask.width() == keypoints.width,
              where, what, "a mask of " + size_text(keypoints.height, keypoints.width),
              size_text(object.mask.height(), object.mask.width()));
    }
  }
}

}  // namespace mint::perception
