#include "training/frame_copies.h"

#include <algorithm>
#include <cmath>

#include <torch/torch.h>

#include "envs/random.h"

namespace mint::training {
namespace {

bool stays(const FrameMotion& motion) {
  return motion.shift_x_px == 0 && motion.shift_y_px == 0 && motion.rotation_rad == 0;
}

}  // namespace

std::vector<FrameMotion> draw_motions(const CopiesConfig& config, uint64_t seed) {
  std::vector<FrameMotion> motions(1);
  envs::Random random(envs::derive_seed(seed, "frame copies"));
  const double angle = config.rotation_deg * M_PI / 180;
  for (int64_t i = 0; i < config.copies; ++i) {
    FrameMotion motion;
    motion.shift_x_px = random.uniform(-config.shift_px, config.shift_px);
    motion.shift_y_px = random.uniform(-config.shift_px, config.shift_px);
    motion.rotation_rad = random.uniform(-angle, angle);
    motions.push_back(motion);
  }
  if (!config.mirrors) return motions;
  const size_t count = motions.size();
  for (size_t i = 0; i < count; ++i) {
    FrameMotion motion = motions[i];
    motion.is_mirrored = true;
    motions.push_back(motion);
  }
  return motions;
}

torch::Tensor move_frames(const torch::Tensor& frames, const FrameMotion& motion) {
  const auto source = motion.is_mirrored ? frames.flip(3) : frames;
  if (stays(motion)) return source.contiguous();
  const auto height = static_cast<double>(frames.size(2));
  const auto width = static_cast<double>(frames.size(3));
  // From a place in the moved frame to the one in the source, both in [-1, 1] of their sides: the
  // inverse of the motion. A rotation mixes the sides, so it carries their ratio.
  const double c = std::cos(motion.rotation_rad), s = std::sin(motion.rotation_rad);
  const double dx = 2 * motion.shift_x_px / width, dy = 2 * motion.shift_y_px / height;
  const double a = c, b = s * height / width, d = -s * width / height, e = c;
  const auto theta =
      torch::tensor({{{a, b, -a * dx - b * dy}, {d, e, -d * dx - e * dy}}}, torch::kFloat32);
  namespace F = torch::nn::functional;
  std::vector<torch::Tensor> moved;
  constexpr int64_t kChunk = 64;  // frames at once
  for (int64_t first = 0; first < frames.size(0); first += kChunk) {
    const auto part = source.slice(0, first, std::min(first + kChunk, frames.size(0)));
    const auto grid = F::affine_grid(theta.expand({part.size(0), 2, 3}), part.sizes(),
                                     /*align_corners=*/false);
    const auto options = F::GridSampleFuncOptions()
                             .mode(torch::kBilinear)
                             .padding_mode(torch::kBorder)
                             .align_corners(false);
    moved.push_back(F::grid_sample(part.to(torch::kFloat32), grid, options)
                        .round()
                        .clamp(0, 255)
                        .to(torch::kUInt8));
  }
  return torch::cat(moved);
}

perception::Keypoints unmove(const perception::Keypoints& keypoints, const FrameMotion& motion,
                             int64_t height, int64_t width) {
  if (stays(motion)) return keypoints;  // bit for bit
  // A whole coordinate is a pixel's centre (perception/keypoints.h): half a pixel from its corner.
  const auto w = static_cast<double>(width), h = static_cast<double>(height);
  const auto x = keypoints.xy.select(2, 0) * w + 0.5 - w / 2 - motion.shift_x_px;
  const auto y = keypoints.xy.select(2, 1) * h + 0.5 - h / 2 - motion.shift_y_px;
  const double c = std::cos(motion.rotation_rad), s = std::sin(motion.rotation_rad);
  const auto back_x = (c * x + s * y + w / 2 - 0.5) / w;
  const auto back_y = (-s * x + c * y + h / 2 - 0.5) / h;
  return {torch::stack({back_x, back_y}, 2), keypoints.active};
}

}  // namespace mint::training
