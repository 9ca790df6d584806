// The entropy layer as its definition reads, one value at a time in double precision, whose
// integers stay below 2^53: what the vector code is compared with.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace mint::tests {

struct PlainStages {
  std::vector<double> resized;    // [HH, WW], over D = 4 HH WW
  std::vector<double> sharpened;  // of narrow images, else the same as resized
  std::vector<uint8_t> smooth, sharp, division;
};

// Spec 5.1 - 5.3, 5.8 for one channel [H, W].
inline PlainStages plain_preprocessing(const uint8_t* image, int64_t height, int64_t width,
                                       int64_t grid_height, int64_t grid_width) {
  const auto at = [&](int64_t y, int64_t x) { return static_cast<size_t>(y * grid_width + x); };
  const auto tap = [](int64_t i, int64_t in, int64_t out, int64_t& first, int64_t& second) {
    const int64_t a = std::max<int64_t>((2 * i + 1) * in - out, 0);
    first = a / (2 * out);
    second = std::min(first + 1, in - 1);
    return static_cast<double>(a % (2 * out));
  };
  const auto pixels = static_cast<size_t>(grid_height * grid_width);
  const double unit = 4.0 * static_cast<double>(pixels);
  PlainStages out;
  out.resized.resize(pixels);
  for (int64_t y = 0; y < grid_height; ++y) {
    for (int64_t x = 0; x < grid_width; ++x) {
      int64_t y0, y1, x0, x1;
      const double ly = tap(y, height, grid_height, y0, y1), lx = tap(x, width, grid_width, x0, x1);
      const double my = 2.0 * static_cast<double>(grid_height) - ly;
      const double mx = 2.0 * static_cast<double>(grid_width) - lx;
      out.resized[at(y, x)] = my * (mx * image[y0 * width + x0] + lx * image[y0 * width + x1]) +
                              ly * (mx * image[y1 * width + x0] + lx * image[y1 * width + x1]);
    }
  }
  const bool is_narrow = width < 100;
  out.sharpened = out.resized;
  for (int64_t y = 0; y < grid_height && is_narrow; ++y) {
    for (int64_t x = 0; x < grid_width; ++x) {
      const double centre = out.resized[at(y, x)];
      double eight = -centre;
      if (y == 0 || x == 0 || y == grid_height - 1 || x == grid_width - 1) {
        out.sharpened[at(y, x)] = std::nearbyint(centre / unit);
        continue;
      }
      for (int64_t r = y - 1; r <= y + 1; ++r) {
        for (int64_t c = x - 1; c <= x + 1; ++c) eight += out.resized[at(r, c)];
      }
      const double v = std::min(std::max(85 * centre - 9 * eight, 0.0), 255 * 13 * unit);
      out.sharpened[at(y, x)] = std::nearbyint(v / (13 * unit));
    }
  }
  const double one = is_narrow ? 1 : unit;
  for (int64_t y = 0; y < grid_height; ++y) {
    for (int64_t x = 0; x < grid_width; ++x) {
      double sum = 0;
      for (int64_t r = std::max<int64_t>(y - 2, 0); r <= std::min(y + 2, grid_height - 1); ++r) {
        for (int64_t c = std::max<int64_t>(x - 2, 0); c <= std::min(x + 2, grid_width - 1); ++c) {
          sum += out.sharpened[at(r, c)];
        }
      }
      const double s = std::nearbyint(sum / (25 * one));
      const double v = 10 * out.sharpened[at(y, x)] - 5 * s * one;
      const double p = std::nearbyint(std::min(std::max(v, 0.0), 1020 * one) / (4 * one));
      const double q = s > 0 ? std::min(std::nearbyint(255 * p / s), 255.0) : p > 0 ? 255 : 0;
      out.smooth.push_back(static_cast<uint8_t>(s));
      out.sharp.push_back(static_cast<uint8_t>(p));
      out.division.push_back(static_cast<uint8_t>(q));
    }
  }
  return out;
}

// The samples of the region around (x, y) of [C, HH, WW].
template <typename T>
std::vector<double> region_samples(const T* planes, int64_t channels, int64_t grid_height,
                                   int64_t grid_width, int64_t region, int64_t y, int64_t x) {
  std::vector<double> samples;
  for (int64_t c = 0; c < channels; ++c) {
    for (int64_t r = y - region / 2; r <= y + region / 2; ++r) {
      for (int64_t i = x - region / 2; i <= x + region / 2; ++i) {
        samples.push_back(static_cast<double>(planes[(c * grid_height + r) * grid_width + i]));
      }
    }
  }
  return samples;
}

}  // namespace mint::tests
