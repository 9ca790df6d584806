// The colour table of a GIF frame.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mint::perception {

struct IndexedPixels {
  std::vector<uint32_t> table;   // 1 to 256 colours, 0xRRGGBB
  std::vector<uint8_t> indices;  // of the pixels, into `table`
};

// Colours 0xRRGGBB, at least one. Exact up to 256 different ones; else the colours are cut at the
// median, along the longest side of the box that is farthest from one colour, into 256 boxes, each
// shown by its mean. Depends on nothing but the pixels.
IndexedPixels index_colours(const std::vector<uint32_t>& pixels);

}  // namespace mint::perception
