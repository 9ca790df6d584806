#include "perception/entropy_kernels.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "perception/heatmap_grid.h"
#include "perception/vector_code.h"

namespace mint::perception {
namespace {

constexpr int64_t kChannels = 3;
constexpr int64_t kFrame = 2;            // zeros around a plane, half the 5 x 5 blur
constexpr double kFixedPoint = 0x1p-32;  // unit of the sums of c ln c

// Rounding to nearest, halves to even, by pushing the fraction out of the mantissa. Below 2^22.
inline float rounded(float x) {
  return (x + 12582912.0f) - 12582912.0f;
}
inline double rounded(double x) {
  return (x + 6755399441055744.0) - 6755399441055744.0;
}

template <typename T>
inline T clamped(T x, T low, T high) {
  x = x < low ? low : x;
  return x > high ? high : x;
}

MINT_VECTOR_CLONES void blend_rows(const double* first, const double* second, double weight_first,
                                   double weight_second, int64_t n, double* out) {
  for (int64_t i = 0; i < n; ++i) out[i] = weight_first * first[i] + weight_second * second[i];
}

// rnd(V / D), for the outermost ring.
inline float plain(double v, double unit) {
  return static_cast<float>(rounded(v / unit));
}

// v' = rnd(clamp(85 V - 9 sum of 8 neighbours, 0, 255 * 13 D) / 13 D) for columns 1 .. n-2. Ties
// and everything near them are exact: the operands are integers below 2^53.
MINT_VECTOR_CLONES void sharpen_row(const double* above, const double* row, const double* below,
                                    int64_t n, double unit, float* out) {
  const double divisor = 13 * unit;
  for (int64_t i = 1; i < n - 1; ++i) {
    const double all = (above[i - 1] + above[i] + above[i + 1]) +
                       (row[i - 1] + row[i] + row[i + 1]) +
                       (below[i - 1] + below[i] + below[i + 1]);
    const double v = clamped(94 * row[i] - 9 * all, 0.0, 255 * divisor);
    out[i] = static_cast<float>(rounded(v / divisor));
  }
}

// sums[i] = rows -2 .. 2 of one column.
template <typename T>
MINT_VECTOR_CLONES void add_five_rows(const T* row, int64_t stride, int64_t n, T* sums) {
  for (int64_t i = 0; i < n; ++i) {
    sums[i] =
        row[i - 2 * stride] + row[i - stride] + row[i] + row[i + stride] + row[i + 2 * stride];
  }
}

// S, P and Q of one row (spec 5.3); I = row / unit. sums[-2 .. n+1] are the column sums.
template <typename T>
MINT_VECTOR_CLONES void divide_row(const T* row, const T* sums, int64_t n, T unit, uint8_t* smooth,
                                   uint8_t* sharp, uint8_t* division) {
  for (int64_t i = 0; i < n; ++i) {
    const T sum = sums[i - 2] + sums[i - 1] + sums[i] + sums[i + 1] + sums[i + 2];
    const T s = rounded(sum / (25 * unit));
    const T p = rounded(clamped(10 * row[i] - 5 * s * unit, T(0), 1020 * unit) / (4 * unit));
    const float numerator = 255 * static_cast<float>(p), denominator = static_cast<float>(s);
    const float quotient = rounded(numerator / (denominator > 0 ? denominator : 1.0f));
    const float if_black = numerator > 0 ? 255.0f : 0.0f;
    const float q = denominator > 0 ? (quotient < 255.0f ? quotient : 255.0f) : if_black;
    smooth[i] = static_cast<uint8_t>(static_cast<int32_t>(s));
    sharp[i] = static_cast<uint8_t>(static_cast<int32_t>(p));
    division[i] = static_cast<uint8_t>(static_cast<int32_t>(q));
  }
}

// is_flat[x] = 1 where every sample of the column is 255.
MINT_VECTOR_CLONES void find_flat_columns(const uint8_t* const* rows, int64_t count, int64_t n,
                                          uint8_t* is_flat) {
  std::memcpy(is_flat, rows[0], static_cast<size_t>(n));
  for (int64_t r = 1; r < count; ++r) {
    const uint8_t* row = rows[r];
    for (int64_t i = 0; i < n; ++i) is_flat[i] = is_flat[i] & row[i];
  }
  for (int64_t i = 0; i < n; ++i) is_flat[i] = is_flat[i] == 255 ? 1 : 0;
}

// Counts of the values in a window with the sum of c ln c kept up to date, in integers, so that
// it does not depend on the way it was reached.
class Histogram {
 public:
  explicit Histogram(const int64_t* c_ln_c) : c_ln_c_(c_ln_c) { clear(); }

  void clear() {
    std::memset(counts_, 0, sizeof counts_);
    sum_ = 0;
    occupied_ = 0;
  }
  void add(uint8_t value) {
    const uint32_t c = counts_[value]++;
    occupied_ += c == 0;
    sum_ += c_ln_c_[c + 1] - c_ln_c_[c];
  }
  void remove(uint8_t value) {
    const uint32_t c = counts_[value]--;
    occupied_ -= c == 1;
    sum_ += c_ln_c_[c - 1] - c_ln_c_[c];
  }
  double sum() const { return static_cast<double>(sum_) * kFixedPoint; }
  double occupied() const { return static_cast<double>(occupied_); }

 private:
  const int64_t* c_ln_c_;
  uint32_t counts_[256];
  int64_t sum_ = 0;
  int64_t occupied_ = 0;
};

}  // namespace

EntropyKernel::EntropyKernel(int64_t height, int64_t width, int64_t grid_height, int64_t grid_width,
                             int64_t region)
    : height_(height),
      width_(width),
      grid_height_(grid_height),
      grid_width_(grid_width),
      region_(region),
      is_narrow_(width < kNarrowWidth),
      unit_(4.0 * static_cast<double>(grid_height) * static_cast<double>(grid_width)),
      rows_(taps(height, grid_height)),
      columns_(taps(width, grid_width)) {
  const auto plane = static_cast<size_t>((grid_height + 2 * kFrame) * (grid_width + 2 * kFrame));
  resized_.assign(plane, 0);
  if (is_narrow_) {
    narrow_.assign(plane, 0);
    narrow_sums_.assign(static_cast<size_t>(grid_width + 2 * kFrame), 0);
  } else {
    resized_sums_.assign(static_cast<size_t>(grid_width + 2 * kFrame), 0);
  }
  stretched_.resize(static_cast<size_t>(height * grid_width));
  division_.resize(static_cast<size_t>(kChannels * grid_height * grid_width));
  is_flat_.resize(static_cast<size_t>(grid_width));
  const int64_t samples = kChannels * region * region;
  c_ln_c_.assign(static_cast<size_t>(samples + 1), 0);
  for (int64_t c = 1; c <= samples; ++c) {
    const double value = static_cast<double>(c) * std::log(static_cast<double>(c));
    c_ln_c_[static_cast<size_t>(c)] = std::llround(value / kFixedPoint);
  }
}

std::vector<EntropyKernel::Tap> EntropyKernel::taps(int64_t in, int64_t out) {
  std::vector<Tap> taps;
  for (int64_t i = 0; i < out; ++i) {
    const int64_t a = std::max<int64_t>((2 * i + 1) * in - out, 0);
    const int64_t first = a / (2 * out), weight = a % (2 * out);
    taps.push_back({first, std::min(first + 1, in - 1), static_cast<double>(2 * out - weight),
                    static_cast<double>(weight)});
  }
  return taps;
}

void EntropyKernel::operator()(const uint8_t* image, float* entropy, const EntropyStages& stages) {
  const int64_t pixels = grid_height_ * grid_width_;
  const int64_t stride = grid_width_ + 2 * kFrame;
  std::vector<uint8_t> smooth(static_cast<size_t>(pixels)), sharp(smooth.size());
  for (int64_t c = 0; c < kChannels; ++c) {
    uint8_t* division = division_.data() + c * pixels;
    resize(image + c * height_ * width_);
    if (is_narrow_) {
      sharpen();
      divide(narrow_, narrow_sums_, 1.0f, smooth.data(), sharp.data(), division);
    } else {
      divide(resized_, resized_sums_, unit_, smooth.data(), sharp.data(), division);
    }
    for (int64_t y = 0; y < grid_height_; ++y) {
      const int64_t from = (y + kFrame) * stride + kFrame, to = c * pixels + y * grid_width_;
      for (int64_t x = 0; x < grid_width_ && stages.resized; ++x) {
        stages.resized[to + x] =
            static_cast<float>(resized_[static_cast<size_t>(from + x)] / unit_);
      }
      for (int64_t x = 0; x < grid_width_ && stages.sharpened && is_narrow_; ++x) {
        stages.sharpened[to + x] = static_cast<uint8_t>(narrow_[static_cast<size_t>(from + x)]);
      }
    }
    if (stages.smooth) std::copy(smooth.begin(), smooth.end(), stages.smooth + c * pixels);
    if (stages.sharp) std::copy(sharp.begin(), sharp.end(), stages.sharp + c * pixels);
    if (stages.division) std::copy_n(division, pixels, stages.division + c * pixels);
  }
  entropy_of_regions(entropy);
}

void EntropyKernel::resize(const uint8_t* channel) {
  for (int64_t y = 0; y < height_; ++y) {
    const uint8_t* in = channel + y * width_;
    double* out = stretched_.data() + y * grid_width_;
    for (int64_t x = 0; x < grid_width_; ++x) {
      const Tap& tap = columns_[static_cast<size_t>(x)];
      out[x] = tap.weight_first * in[tap.first] + tap.weight_second * in[tap.second];
    }
  }
  const int64_t stride = grid_width_ + 2 * kFrame;
  for (int64_t y = 0; y < grid_height_; ++y) {
    const Tap& tap = rows_[static_cast<size_t>(y)];
    blend_rows(stretched_.data() + tap.first * grid_width_,
               stretched_.data() + tap.second * grid_width_, tap.weight_first, tap.weight_second,
               grid_width_, resized_.data() + (y + kFrame) * stride + kFrame);
  }
}

void EntropyKernel::sharpen() {
  const int64_t stride = grid_width_ + 2 * kFrame;
  for (int64_t y = 0; y < grid_height_; ++y) {
    const double* row = resized_.data() + (y + kFrame) * stride + kFrame;
    float* out = narrow_.data() + (y + kFrame) * stride + kFrame;
    if (y == 0 || y == grid_height_ - 1) {
      for (int64_t x = 0; x < grid_width_; ++x) out[x] = plain(row[x], unit_);
    } else {
      sharpen_row(row - stride, row, row + stride, grid_width_, unit_, out);
      out[0] = plain(row[0], unit_);
      out[grid_width_ - 1] = plain(row[grid_width_ - 1], unit_);
    }
  }
}

template <typename T>
void EntropyKernel::divide(std::vector<T>& image, std::vector<T>& sums, T unit, uint8_t* smooth,
                           uint8_t* sharp, uint8_t* division) const {
  const int64_t stride = grid_width_ + 2 * kFrame;
  for (int64_t y = 0; y < grid_height_; ++y) {
    const T* row = image.data() + (y + kFrame) * stride + kFrame;
    const int64_t at = y * grid_width_;
    add_five_rows(row, stride, grid_width_, sums.data() + kFrame);
    divide_row(row, sums.data() + kFrame, grid_width_, unit, smooth + at, sharp + at,
               division + at);
  }
}

void EntropyKernel::entropy_of_regions(float* entropy) {
  std::fill(entropy, entropy + grid_height_ * grid_width_, 0.0f);
  const int64_t radius = region_ / 2;
  for (int64_t y = radius; y < grid_height_ - radius; ++y) {
    entropy_of_row(y, entropy + y * grid_width_);
  }
}

// A window slides along the row; where all of it is 255, which is most of a drawn scene, there is
// nothing to count.
void EntropyKernel::entropy_of_row(int64_t y, float* row) {
  const int64_t radius = region_ / 2, pixels = grid_height_ * grid_width_;
  std::vector<const uint8_t*> rows;
  for (int64_t c = 0; c < kChannels; ++c) {
    for (int64_t r = -radius; r <= radius; ++r) {
      rows.push_back(division_.data() + c * pixels + (y + r) * grid_width_);
    }
  }
  find_flat_columns(rows.data(), static_cast<int64_t>(rows.size()), grid_width_, is_flat_.data());

  const double samples = static_cast<double>(c_ln_c_.size() - 1);
  const double ln_samples = std::log(samples);
  Histogram histogram(c_ln_c_.data());
  bool is_counted = false;  // the histogram holds the window of the previous pixel
  int64_t busy = 0;         // columns of the window that are not flat
  for (int64_t x = 0; x < std::min(2 * radius, grid_width_); ++x) {
    busy += !is_flat_[static_cast<size_t>(x)];
  }
  for (int64_t x = radius; x < grid_width_ - radius; ++x) {
    busy += !is_flat_[static_cast<size_t>(x + radius)];
    if (busy == 0) {
      row[x] = -1e-8f;
      is_counted = false;
    } else {
      if (is_counted) {
        for (const uint8_t* samples_row : rows) {
          histogram.remove(samples_row[x - radius - 1]);
          histogram.add(samples_row[x + radius]);
        }
      } else {
        histogram.clear();
        for (const uint8_t* samples_row : rows) {
          for (int64_t i = x - radius; i <= x + radius; ++i) histogram.add(samples_row[i]);
        }
        is_counted = true;
      }
      row[x] =
          static_cast<float>(ln_samples - histogram.sum() / samples - 1e-8 * histogram.occupied());
    }
    busy -= !is_flat_[static_cast<size_t>(x - radius)];
  }
}

}  // namespace mint::perception
