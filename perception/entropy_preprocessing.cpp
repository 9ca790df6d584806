#include "perception/entropy_preprocessing.h"

#include <algorithm>
#include <cstddef>

#include "perception/heatmap_grid.h"
#include "perception/vector_code.h"

namespace mint::perception {
namespace {

constexpr int64_t kFrame = 2;  // zeros around a plane, half the 5 x 5 blur

MINT_VECTOR_CLONES void blend_rows(const uint8_t* first, const uint8_t* second, int32_t low,
                                   int32_t high, int64_t n, int32_t* out) {
  for (int64_t i = 0; i < n; ++i) out[i] = low * first[i] + high * second[i];
}

// `row` has one more element than the image is wide.
template <typename Integer>
void stretch_row(const int32_t* row, const ResizeTap* taps, int64_t n, Integer* out) {
  for (int64_t i = 0; i < n; ++i) {
    const int32_t* from = row + taps[i].first;
    out[i] =
        static_cast<Integer>(taps[i].low) * from[0] + static_cast<Integer>(taps[i].high) * from[1];
  }
}

template <typename Integer>
MINT_VECTOR_CLONES void sharpen_row(const Integer* above, const Integer* row, const Integer* below,
                                    int64_t n, Divisor<Integer> by, int32_t* out) {
  for (int64_t i = 1; i < n - 1; ++i) {
    const Integer eight = (above[i - 1] + above[i] + above[i + 1]) + (row[i - 1] + row[i + 1]) +
                          (below[i - 1] + below[i] + below[i + 1]);
    out[i] = sharpened_value(row[i], eight, by);
  }
}

// sums[i] = rows -2 .. 2 of one column.
template <typename Integer>
MINT_VECTOR_CLONES void add_five_rows(const Integer* row, int64_t stride, int64_t n,
                                      Integer* sums) {
  for (int64_t i = 0; i < n; ++i) {
    sums[i] =
        row[i - 2 * stride] + row[i - stride] + row[i] + row[i + stride] + row[i + 2 * stride];
  }
}

// S, P and Q of one row; I = row / unit. sums[-2 .. n+1] are the column sums.
template <typename Integer>
MINT_VECTOR_CLONES void divide_row(const Integer* row, const Integer* sums, int64_t n, Integer unit,
                                   uint8_t* smooth, uint8_t* sharp, uint8_t* division) {
  const Divisor<Integer> by_25(25 * unit), by_4(4 * unit);
  for (int64_t i = 0; i < n; ++i) {
    const Integer sum = sums[i - 2] + sums[i - 1] + sums[i] + sums[i + 1] + sums[i + 2];
    const int32_t s = rounded_quotient(sum, by_25);
    const int32_t p = sharp_value(row[i], s, unit, by_4);
    smooth[i] = static_cast<uint8_t>(s);
    sharp[i] = static_cast<uint8_t>(p);
    division[i] = static_cast<uint8_t>(division_value(s, p));
  }
}

}  // namespace

template <typename Integer>
void EntropyPreprocessing::Plane<Integer>::allocate(int64_t rows, int64_t stride) {
  values.assign(static_cast<size_t>((rows + 2 * kFrame) * stride), 0);
  sums.assign(static_cast<size_t>(stride), 0);
}

template <typename Integer>
Integer* EntropyPreprocessing::Plane<Integer>::row(int64_t y, int64_t stride) {
  return values.data() + (y + kFrame) * stride + kFrame;
}

EntropyPreprocessing::EntropyPreprocessing(int64_t height, int64_t width, int64_t grid_height,
                                           int64_t grid_width)
    : height_(height),
      width_(width),
      grid_height_(grid_height),
      grid_width_(grid_width),
      stride_(grid_width + 2 * kFrame),
      is_narrow_(width < kNarrowWidth),
      unit_(resize_unit(grid_height, grid_width)) {
  for (int64_t y = 0; y < grid_height; ++y) rows_.push_back(resize_tap(y, height, grid_height));
  for (int64_t x = 0; x < grid_width; ++x) columns_.push_back(resize_tap(x, width, grid_width));
  if (fits_32_bits(unit_, is_narrow_)) {
    resized_.allocate(grid_height, stride_);
  } else {
    resized_wide_.allocate(grid_height, stride_);
  }
  if (is_narrow_) narrow_.allocate(grid_height, stride_);
  stretched_.resize(static_cast<size_t>(width + 1));
  row_bytes_.resize(static_cast<size_t>(2 * grid_width));
}

void EntropyPreprocessing::operator()(const uint8_t* channel, uint8_t* division,
                                      const EntropyStages& stages) {
  if (fits_32_bits(unit_, is_narrow_)) {
    run(resized_, channel, division, stages);
  } else {
    run(resized_wide_, channel, division, stages);
  }
}

template <typename Integer>
void EntropyPreprocessing::run(Plane<Integer>& resized, const uint8_t* channel, uint8_t* division,
                               const EntropyStages& stages) {
  resize(resized, channel);
  if (is_narrow_) {
    sharpen(resized);
    divide<int32_t>(narrow_, 1, division, stages);
  } else {
    divide(resized, static_cast<Integer>(unit_), division, stages);
  }
  for (int64_t y = 0; y < grid_height_; ++y) {
    const Integer* row = resized.row(y, stride_);
    for (int64_t x = 0; x < grid_width_ && stages.resized; ++x) {
      stages.resized[y * grid_width_ + x] =
          static_cast<float>(static_cast<double>(row[x]) / static_cast<double>(unit_));
    }
    for (int64_t x = 0; x < grid_width_ && stages.sharpened && is_narrow_; ++x) {
      stages.sharpened[y * grid_width_ + x] = static_cast<uint8_t>(narrow_.row(y, stride_)[x]);
    }
  }
}

template <typename Integer>
void EntropyPreprocessing::resize(Plane<Integer>& resized, const uint8_t* channel) {
  for (int64_t y = 0; y < grid_height_; ++y) {
    const ResizeTap& tap = rows_[static_cast<size_t>(y)];
    blend_rows(channel + tap.first * width_, channel + tap.second * width_, tap.low, tap.high,
               width_, stretched_.data());
    stretched_[static_cast<size_t>(width_)] = stretched_[static_cast<size_t>(width_ - 1)];
    stretch_row(stretched_.data(), columns_.data(), grid_width_, resized.row(y, stride_));
  }
}

template <typename Integer>
void EntropyPreprocessing::sharpen(Plane<Integer>& resized) {
  const auto unit = static_cast<Integer>(unit_);
  const Divisor<Integer> by_unit(unit), by_13(13 * unit);
  for (int64_t y = 0; y < grid_height_; ++y) {
    const Integer* row = resized.row(y, stride_);
    int32_t* out = narrow_.row(y, stride_);
    if (y == 0 || y == grid_height_ - 1) {
      for (int64_t x = 0; x < grid_width_; ++x) out[x] = rounded_quotient(row[x], by_unit);
    } else {
      sharpen_row(row - stride_, row, row + stride_, grid_width_, by_13, out);
      out[0] = rounded_quotient(row[0], by_unit);
      out[grid_width_ - 1] = rounded_quotient(row[grid_width_ - 1], by_unit);
    }
  }
}

template <typename Integer>
void EntropyPreprocessing::divide(Plane<Integer>& image, Integer unit, uint8_t* division,
                                  const EntropyStages& stages) {
  Integer* sums = image.sums.data() + kFrame;
  for (int64_t y = 0; y < grid_height_; ++y) {
    const int64_t at = y * grid_width_;
    uint8_t* smooth = stages.smooth ? stages.smooth + at : row_bytes_.data();
    uint8_t* sharp = stages.sharp ? stages.sharp + at : row_bytes_.data() + grid_width_;
    const Integer* row = image.row(y, stride_);
    add_five_rows(row, stride_, grid_width_, sums);
    divide_row(row, sums, grid_width_, unit, smooth, sharp, division + at);
  }
  if (stages.division) std::copy_n(division, grid_height_ * grid_width_, stages.division);
}

}  // namespace mint::perception
