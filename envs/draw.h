// Pixels of a scene: the original's drawing rules (section 7 of the MAGICAL page) by our own
// rasteriser, 384 x 384 RGB without multisampling. The same pixels go to observations, videos and
// SDL windows; no display is needed. Pure functions, safe from any thread.
#pragma once

#include <cstdint>

#include "envs/image.h"
#include "envs/scene.h"

namespace mint::envs {

enum class Camera { kAllocentric, kEgocentric };

// Draws the 384 x 384 view into `image` (resized as needed) and, when `instances` is not null, the
// instance ids of the same view: a pixel belongs to the last entity that covers at least half of
// it; all parts of the robot are one entity.
//
// The original carries the phase of a region's dashes from its allocentric to its egocentric view;
// here it is worked out anew, so each view depends on nothing but the arguments.
void draw(const Scene& scene, const State& state, Camera camera, Image& image,
          InstanceImage* instances = nullptr);

// The same view straight at 96 x 96, in about half the time: exactly the bytes of draw() and then
// downsample(). Writes RGB [96, 96, 3] to `rgb` and, unless it is null, [96, 96] to `ids`.
// Allocates nothing but a thread's working memory (some 50 kB), in its first calls.
void draw_observation(const Scene& scene, const State& state, Camera camera, uint8_t* rgb,
                      uint8_t* ids = nullptr);

// 384 -> 96: the mean of each 4 x 4 block, rounded half to even, written to `rgb` [96, 96, 3].
// The other form takes the image's bytes alone, [384, 384, 3].
void downsample(const Image& image, uint8_t* rgb);
void downsample(const uint8_t* full_rgb, uint8_t* rgb);

// The instance ids at 96 x 96: the most frequent id of each 4 x 4 block, the larger id on a tie.
InstanceImage downsample(const InstanceImage& instances);

}  // namespace mint::envs
