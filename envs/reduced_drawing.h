// A drawing of 384 x 384 pixels, painted straight at 96 x 96: the same bytes as painting it onto a
// canvas and taking the mean of each 4 x 4 block, without that canvas. Four rows of pixels are in
// memory at a time, and of those only the blocks of more than one colour.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "envs/image.h"
#include "envs/rasteriser.h"

namespace mint::envs {

// Red, green, blue and id, from the lowest byte (and in memory, too: little-endian machines only).
using Pixel = uint32_t;

// A set of the 96 blocks side by side in four rows of the drawing.
struct Blocks {
  std::array<uint64_t, 2> bits = {};

  bool has(int block) const { return bits[block / 64] >> block % 64 & 1; }
  void add(int block) { bits[block / 64] |= uint64_t{1} << block % 64; }
  void remove(int first, int last);  // [first, last)
};

// What lies under a drawing, with id 0 everywhere.
struct Backdrop {
  explicit Backdrop(const std::vector<uint8_t>& rgb);  // [384, 384, 3]

  const Pixel* row(int y) const { return &distinct_rows[row_of[y] * kFullSize_px]; }

  std::vector<Pixel> distinct_rows;               // [., 384]: rows unlike the ones above them
  std::array<size_t, kFullSize_px> row_of;        // which of them stands where
  std::array<Blocks, kObservationSize_px> mixed;  // blocks of more than one colour
  std::vector<uint8_t> reduced;                   // [96, 96, 3]
};

// Writes RGB [96, 96, 3] to `rgb` and, unless it is null, to `ids` [96, 96] the most frequent id of
// each block, the larger one on a tie. `drawing` must be of 384 x 384. Safe from any thread;
// working memory is kept per thread, so that only the first calls of a thread allocate.
void paint_reduced(const Drawing& drawing, const Backdrop& backdrop, uint8_t* rgb, uint8_t* ids);

// The most frequent of the ids of a block, the larger one on a tie.
uint8_t winning_id(const std::array<uint8_t, kReduction * kReduction>& ids);

}  // namespace mint::envs
