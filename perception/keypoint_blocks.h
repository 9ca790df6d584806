// What stands behind the last convolution of the MINT network, the tail from its maps to keypoints,
// both ways as programs of thread blocks (perception/thread_block.h). Float or double, no torch.
// The passes of the CPU are those of soft_argmax_kernels.h.
#pragma once

#include <cstdint>

#include "perception/channel_norm.h"
#include "perception/convolution_link.h"
#include "perception/norm_blocks.h"
#include "perception/soft_argmax_arithmetic.h"
#include "perception/thread_block.h"
#include "perception/vector_code.h"

namespace mint::perception {

// Keypoints of maps and what their gradient needs: moments [N, K], coords [N, K, 2] and
// activation [N, K]. One block per map.
template <typename T>
struct FindKeypoints {
  struct Shared {
    T largest[kBlockThreads];
    double sums[6][kBlockThreads];
    double ones[3][kBlockThreads];  // number and coordinates of pixels without one
  };

  NetworkMaps<T> maps;
  const ChannelNorm* norms;
  MapMoments<T>* moments;
  T *coords, *activation;

  int64_t blocks() const { return maps.count(); }

  template <typename Block>
  MINT_HOST_DEVICE void operator()(const Block& block, Shared& shared) const {
    const T* x = maps.map(block.index);
    const MapTransform<T> map = transform_of(norms[block.index % maps.channels], maps.slope);
    const int pixels = maps.pixels(), width = maps.width, height = maps.height;
    const T sign = map.scale >= T(0) ? T(1) : T(-1);  // u rises or falls with x
    block.each([&](int thread) {
      T largest = sign * x[thread < pixels ? thread : 0];
      for (int i = thread; i < pixels; i += kBlockThreads) {
        largest = sign * x[i] > largest ? sign * x[i] : largest;
      }
      shared.largest[thread] = largest;
    });
    join_threads(block, [&](int i, int j) {
      if (shared.largest[j] > shared.largest[i]) shared.largest[i] = shared.largest[j];
    });
    const T z_at_max = leaky(sign * shared.largest[0], map.slope);
    const T max_u = map_u(map, z_at_max);
    const T offset = map.shift - exponent_offset(max_u);
    const bool counts_ones = leaves_out_ones(max_u);

    block.each([&](int thread) {
      T e = 0, ex = 0, ey = 0, ez = 0, ezx = 0, ezy = 0;
      double ones = 0, ones_x = 0, ones_y = 0;
      for (int i = thread; i < pixels; i += kBlockThreads) {
        const T px = static_cast<T>(i % width) / static_cast<T>(width);
        const T py = static_cast<T>(i / width) / static_cast<T>(height);
        const T z = leaky(x[i], map.slope);
        const T weight = vector_exp(map.scale * z + offset), weight_z = weight * z;
        e += weight;
        ex += weight * px;
        ey += weight * py;
        ez += weight_z;
        ezx += weight_z * px;
        ezy += weight_z * py;
        if (counts_ones && map_u(map, z) > T(20)) {
          ones += 1;
          ones_x += px;
          ones_y += py;
        }
      }
      const double sums[6] = {e, ex, ey, ez, ezx, ezy};
      for (int s = 0; s < 6; ++s) shared.sums[s][thread] = sums[s];
      shared.ones[0][thread] = ones;
      shared.ones[1][thread] = ones_x;
      shared.ones[2][thread] = ones_y;
    });
    add_up(block, shared.sums);
    if (counts_ones) add_up(block, shared.ones);
    block.each([&](int thread) {
      if (thread > 0) return;
      MapOnes ones{1.0 * pixels, pixels * ((width - 1) / (2.0 * width)),
                   pixels * ((height - 1) / (2.0 * height))};
      if (counts_ones) {
        ones.count -= shared.ones[0][0];
        ones.x -= shared.ones[1][0];
        ones.y -= shared.ones[2][0];
      }
      const auto& s = shared.sums;
      const MapMoments<T> found = moments_from_sums(
          max_u, z_at_max, {s[0][0], s[1][0], s[2][0], s[3][0], s[4][0], s[5][0]}, ones);
      const MapOutput<T> output = map_output(found);
      moments[block.index] = found;
      coords[2 * block.index] = output.x;
      coords[2 * block.index + 1] = output.y;
      activation[block.index] = output.activation;
    });
  }
};

}  // namespace mint::perception
