// Preprocessing of the entropy layer for one pixel of the grid, from whole planes of the step
// before: what one thread of a GPU does. The rows of entropy_preprocessing.h give the same bits.
#pragma once

#include "perception/entropy_arithmetic.h"

namespace mint::perception {

// The sizes that all pixels share.
struct GridShape {
  int64_t height, width;  // of the image
  int64_t grid_height, grid_width;
};

// channel [H, W] -> V(y, x), the resized image over D.
template <typename Integer>
MINT_HOST_DEVICE inline Integer resized_pixel(const uint8_t* channel, const GridShape& shape,
                                              int64_t y, int64_t x) {
  const ResizeTap row = resize_tap(y, shape.height, shape.grid_height);
  const ResizeTap column = resize_tap(x, shape.width, shape.grid_width);
  const uint8_t* first = channel + row.first * shape.width;
  const uint8_t* second = channel + row.second * shape.width;
  const Integer left = row.low * first[column.first] + row.high * second[column.first];
  const Integer right = row.low * first[column.second] + row.high * second[column.second];
  return column.low * left + column.high * right;
}

// V [HH, WW] -> v'(y, x) of narrow images.
template <typename Integer>
MINT_HOST_DEVICE inline int32_t sharpened_pixel(const Integer* resized, const GridShape& shape,
                                                int64_t y, int64_t x) {
  const int64_t width = shape.grid_width;
  const auto unit = static_cast<Integer>(resize_unit(shape.grid_height, width));
  const Integer* at = resized + y * width + x;
  if (y == 0 || x == 0 || y == shape.grid_height - 1 || x == width - 1) {
    return rounded_quotient(*at, Divisor<Integer>(unit));
  }
  const Integer eight = (at[-width - 1] + at[-width] + at[-width + 1]) + (at[-1] + at[1]) +
                        (at[width - 1] + at[width] + at[width + 1]);
  return sharpened_value(*at, eight, Divisor<Integer>(13 * unit));
}

// I [HH, WW] as an integer over `unit` -> Q(y, x).
template <typename Integer>
MINT_HOST_DEVICE inline uint8_t division_pixel(const Integer* image, const GridShape& shape,
                                               Integer unit, int64_t y, int64_t x) {
  const int64_t height = shape.grid_height, width = shape.grid_width;
  const int64_t top = y < 2 ? 0 : y - 2, bottom = y + 2 < height ? y + 2 : height - 1;
  const int64_t left = x < 2 ? 0 : x - 2, right = x + 2 < width ? x + 2 : width - 1;
  Integer sum = 0;
  for (int64_t r = top; r <= bottom; ++r) {
    for (int64_t c = left; c <= right; ++c) sum += image[r * width + c];
  }
  const int32_t smooth = rounded_quotient(sum, Divisor<Integer>(25 * unit));
  const int32_t sharp = sharp_value(image[y * width + x], smooth, unit, Divisor<Integer>(4 * unit));
  return static_cast<uint8_t>(division_value(smooth, sharp));
}

}  // namespace mint::perception
