#include "envs/caption.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "envs/bitmap_font.h"

namespace mint::envs {
namespace {

constexpr Rgb kTextColour = {20, 20, 20};
constexpr Rgb kHaloColour = {255, 255, 255};  // around the text: readable over any block
constexpr int kTextMargin_px = 5;             // times the scale of the text

void enlarge(const Image& image, int factor, Image& out) {
  out.width = image.width * factor;
  out.height = image.height * factor;
  const size_t row_bytes = size_t{3} * out.width;
  out.rgb.resize(row_bytes * out.height);
  for (int y = 0; y < out.height; ++y) {
    uint8_t* row = &out.rgb[y * row_bytes];
    if (y % factor != 0) {
      std::copy(row - row_bytes, row, row);
      continue;
    }
    const uint8_t* in = &image.rgb[size_t{3} * (y / factor) * image.width];
    for (int x = 0; x < out.width; ++x) std::copy_n(in + 3 * (x / factor), 3, row + 3 * x);
  }
}

}  // namespace

int enlargement(const Image& image, int height_px) {
  if (image.width < 1 || image.height < 1) {
    throw std::invalid_argument("enlargement: image: expected pixels, got " +
                                std::to_string(image.width) + " x " + std::to_string(image.height));
  }
  return std::max(1, (height_px + image.height - 1) / image.height);
}

void caption(const Image& image, int factor, const std::vector<std::string>& lines, Image& out) {
  enlarge(image, factor, out);
  const int scale = std::max(1, out.height / kFullSize_px);
  int y = kTextMargin_px * scale;
  for (const std::string& line : lines) {
    const int x = kTextMargin_px * scale;
    for (const auto& [right, down] : {std::pair{-1, 0}, {1, 0}, {0, -1}, {0, 1}}) {
      draw_text(out, x + right * scale, y + down * scale, scale, kHaloColour, line);
    }
    draw_text(out, x, y, scale, kTextColour, line);
    y += kLineAdvance * scale;
  }
}

}  // namespace mint::envs
