// A font of 5 x 7 pixels for lines of text over an image: windows and videos need no font file.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "envs/image.h"
#include "envs/rasteriser.h"

namespace mint::envs {

inline constexpr int kGlyphWidth = 5;
inline constexpr int kGlyphHeight = 7;
inline constexpr int kGlyphAdvance = 6;  // from one character to the next
inline constexpr int kLineAdvance = 9;   // from one line to the next

// Rows from the top; bit 4 is the leftmost pixel. Characters outside printable ASCII look like '?'.
std::array<uint8_t, kGlyphHeight> glyph(char character);

// Writes one line with its upper left corner at pixel (x, y) from the upper left of the image; each
// pixel of the font becomes scale x scale pixels. What falls outside the image is left out.
void draw_text(Image& image, int x, int y, int scale, Rgb colour, const std::string& text);

}  // namespace mint::envs
