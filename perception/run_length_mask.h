// A binary mask as run lengths, in COCO's column-major order, with COCO's compressed text (the form
// of CLEVRER's derender proposals).
//
// Pixels are read column by column: c_0 zeros, c_1 ones, c_2 zeros and so on; the sum is
// height * width. The text codes a number in groups of five bits, the least significant first, one
// character of '0' to 'o' a group; from the fourth number on it holds c_j - c_{j-2}.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mint::perception {

class RunLengthMask {
 public:
  // All three throw std::invalid_argument, in one line, for sides that are not 1 to 65535 pixels.

  // Run lengths, of zeros first; the first may be 0. Other empty runs are taken out, so that equal
  // masks have equal counts(). Throws for a negative length or another sum than height * width.
  static RunLengthMask from_counts(int64_t height, int64_t width, std::vector<int64_t> counts);

  // Throws for characters that are not of the code and for an unfinished number, too.
  static RunLengthMask from_compressed(int64_t height, int64_t width, std::string_view counts);

  // row_major: [height, width]; non-zero is 1.
  static RunLengthMask from_bitmap(const uint8_t* row_major, int64_t height, int64_t width);

  // The text; equal masks have equal texts.
  std::string compressed() const;

  std::vector<uint8_t> bitmap() const;  // [height, width] row by row, 0 or 1

  // Whether the pixel is 1. A pixel outside the image is not. Logarithmic in the number of runs.
  bool contains(int64_t column, int64_t row) const;

  int64_t area() const;  // pixels that are 1
  int64_t height() const { return height_; }
  int64_t width() const { return width_; }
  const std::vector<int64_t>& counts() const { return counts_; }

 private:
  RunLengthMask(int64_t height, int64_t width, std::vector<int64_t> counts);

  int64_t height_, width_;
  std::vector<int64_t> counts_;
  std::vector<int64_t> ends_;  // of the runs: sums of counts_
};

}  // namespace mint::perception
