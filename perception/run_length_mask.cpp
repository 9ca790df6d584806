#include "perception/run_length_mask.h"

#include <algorithm>
#include <stdexcept>

namespace mint::perception {
namespace {

constexpr int64_t kLargestSide = 65535;

[[noreturn]] void reject(const std::string& what, const std::string& expected,
                         const std::string& got) {
  throw std::invalid_argument("run-length mask: " + what + ": expected " + expected + ", got " +
                              got);
}

void require_size(int64_t height, int64_t width) {
  const auto is_side = [](int64_t side) { return side >= 1 && side <= kLargestSide; };
  if (is_side(height) && is_side(width)) return;
  reject("size", "sides of 1 to " + std::to_string(kLargestSide) + " pixels",
         std::to_string(height) + "x" + std::to_string(width));
}

// Runs of zeros and ones in turn, longest possible; the first may be empty.
std::vector<int64_t> without_empty_runs(const std::vector<int64_t>& counts) {
  std::vector<int64_t> merged;
  for (size_t j = 0; j < counts.size(); ++j) {
    if (counts[j] == 0 && j > 0) continue;
    const bool is_same_value = !merged.empty() && merged.size() % 2 != j % 2;
    if (is_same_value) {
      merged.back() += counts[j];
    } else {
      merged.push_back(counts[j]);
    }
  }
  return merged;
}

// One number of the text, from position `at` on, which it moves behind the number.
int64_t read_number(std::string_view text, size_t& at) {
  uint64_t bits = 0;
  const size_t start = at;
  for (int shift = 0; shift <= 55; shift += 5) {  // more groups would leave 64 bits
    if (at == text.size()) {
      reject("text", "a whole number at its end",
             "one cut after " + std::to_string(at - start) + " characters");
    }
    const int value = static_cast<unsigned char>(text[at]) - '0';
    if (value < 0 || value > 63) {
      reject("text", "characters '0' to 'o'",
             "byte " + std::to_string(static_cast<unsigned char>(text[at])) + " at position " +
                 std::to_string(at));
    }
    ++at;
    bits |= static_cast<uint64_t>(value & 31) << shift;
    if (value & 32) continue;
    if (value & 16) bits |= ~uint64_t{0} << (shift + 5);
    return static_cast<int64_t>(bits);
  }
  reject("text", "numbers of at most 12 characters",
         "a longer one at position " + std::to_string(start));
}

void append_number(std::string& text, int64_t number) {
  while (true) {
    int64_t group = number & 31;
    number >>= 5;
    const bool is_last = (group & 16) ? number == -1 : number == 0;
    if (!is_last) group |= 32;
    text += static_cast<char>('0' + group);
    if (is_last) return;
  }
}

}  // namespace

RunLengthMask::RunLengthMask(int64_t height, int64_t width, std::vector<int64_t> counts)
    : height_(height), width_(width), counts_(std::move(counts)) {
  ends_.reserve(counts_.size());
  int64_t end = 0;
  for (const int64_t count : counts_) ends_.push_back(end += count);
}

RunLengthMask RunLengthMask::from_counts(int64_t height, int64_t width,
                                         std::vector<int64_t> counts) {
  require_size(height, width);
  const int64_t pixels = height * width;
  int64_t sum = 0;
  for (const int64_t count : counts) {
    if (count < 0) reject("run length", "at least 0", std::to_string(count));
    if (count > pixels - sum) {
      reject("run lengths", "a sum of " + std::to_string(pixels), "a larger one");
    }
    sum += count;
  }
  if (sum != pixels) {
    reject("run lengths", "a sum of " + std::to_string(pixels), std::to_string(sum));
  }
  return {height, width, without_empty_runs(counts)};
}

RunLengthMask RunLengthMask::from_compressed(int64_t height, int64_t width, std::string_view text) {
  require_size(height, width);
  const int64_t pixels = height * width;
  std::vector<int64_t> counts;
  for (size_t at = 0; at < text.size();) {
    int64_t count = read_number(text, at);
    if (counts.size() >= 3) count += counts[counts.size() - 2];
    // Checked here as well, because sums of hostile differences would leave 64 bits.
    if (count < 0 || count > pixels) {
      reject("run length", "0 to " + std::to_string(pixels), std::to_string(count));
    }
    counts.push_back(count);
  }
  return from_counts(height, width, std::move(counts));
}

RunLengthMask RunLengthMask::from_bitmap(const uint8_t* row_major, int64_t height, int64_t width) {
  require_size(height, width);
  std::vector<int64_t> counts = {0};
  bool is_one = false;  // the value of the last run
  for (int64_t column = 0; column < width; ++column) {
    for (int64_t row = 0; row < height; ++row) {
      if ((row_major[row * width + column] != 0) != is_one) {
        counts.push_back(0);
        is_one = !is_one;
      }
      ++counts.back();
    }
  }
  return {height, width, std::move(counts)};
}

std::string RunLengthMask::compressed() const {
  std::string text;
  for (size_t j = 0; j < counts_.size(); ++j) {
    append_number(text, counts_[j] - (j >= 3 ? counts_[j - 2] : 0));
  }
  return text;
}

std::vector<uint8_t> RunLengthMask::bitmap() const {
  std::vector<uint8_t> pixels(static_cast<size_t>(height_ * width_), 0);
  for (size_t run = 1; run < counts_.size(); run += 2) {
    for (int64_t at = ends_[run - 1]; at < ends_[run]; ++at) {
      pixels[static_cast<size_t>(at % height_ * width_ + at / height_)] = 1;
    }
  }
  return pixels;
}

bool RunLengthMask::contains(int64_t column, int64_t row) const {
  if (column < 0 || column >= width_ || row < 0 || row >= height_) return false;
  const auto run = std::upper_bound(ends_.begin(), ends_.end(), column * height_ + row);
  return (run - ends_.begin()) % 2 == 1;
}

int64_t RunLengthMask::area() const {
  int64_t area = 0;
  for (size_t run = 1; run < counts_.size(); run += 2) area += counts_[run];
  return area;
}

}  // namespace mint::perception
