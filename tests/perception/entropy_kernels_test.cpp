#include "perception/entropy_kernels.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "perception/entropy_kde.h"
#include "perception/entropy_pixels.h"
#include "perception/entropy_sorted.h"
#include "tests/support/plain_entropy.h"

namespace mint::perception {
namespace {

struct Size {
  int64_t height, width, grid_height, grid_width;
};

// Noise, a ramp (full of halves), black and white blocks, a dark image and a flat one.
std::vector<std::vector<uint8_t>> test_images(int64_t height, int64_t width) {
  std::mt19937 generator(7);
  std::vector<std::vector<uint8_t>> images;
  const auto make = [&](auto value) {
    std::vector<uint8_t> image;
    for (int64_t y = 0; y < height; ++y) {
      for (int64_t x = 0; x < width; ++x) image.push_back(static_cast<uint8_t>(value(y, x)));
    }
    images.push_back(image);
  };
  make([&](int64_t, int64_t) { return generator() & 255; });
  make([&](int64_t y, int64_t x) { return 2 * x + y; });
  make([&](int64_t y, int64_t x) { return (x / 5 + y / 7) % 2 ? 255 : 0; });
  make([&](int64_t, int64_t) { return generator() % 3; });
  make([&](int64_t, int64_t) { return 255; });
  return images;
}

void expect_plain_preprocessing(const Size& size) {
  SCOPED_TRACE(std::to_string(size.grid_height) + " x " + std::to_string(size.grid_width));
  EntropyPreprocessing preprocessing(size.height, size.width, size.grid_height, size.grid_width);
  const auto pixels = static_cast<size_t>(size.grid_height * size.grid_width);
  for (const auto& image : test_images(size.height, size.width)) {
    std::vector<float> resized(pixels);
    std::vector<uint8_t> sharpened(pixels), smooth(pixels), sharp(pixels), division(pixels);

    preprocessing(image.data(), division.data(),
                  {resized.data(), sharpened.data(), smooth.data(), sharp.data(), nullptr});

    const auto plain = tests::plain_preprocessing(image.data(), size.height, size.width,
                                                  size.grid_height, size.grid_width);
    const double unit = 4.0 * static_cast<double>(pixels);
    for (size_t i = 0; i < pixels; ++i) {
      ASSERT_EQ(resized[i], static_cast<float>(plain.resized[i] / unit)) << i;
      if (size.width < 100) {
        ASSERT_EQ(sharpened[i], plain.sharpened[i]) << i;
      }
    }
    ASSERT_EQ(smooth, plain.smooth);
    ASSERT_EQ(sharp, plain.sharp);
    ASSERT_EQ(division, plain.division);
  }
}

TEST(EntropyPreprocessing, IsThePlainOne) {
  expect_plain_preprocessing({96, 96, 135, 135});
  expect_plain_preprocessing({40, 48, 75, 91});
  expect_plain_preprocessing({120, 160, 47, 63});  // wide: not rounded after the resize
  expect_plain_preprocessing({100, 150, 119, 171});
  expect_plain_preprocessing({3, 3, 5, 7});
}

TEST(EntropyPreprocessing, OfLargeGridsIsThePlainOne) {
  ASSERT_FALSE(fits_32_bits(resize_unit(180, 160), true));
  ASSERT_FALSE(fits_32_bits(resize_unit(300, 310), false));
  expect_plain_preprocessing({96, 90, 180, 160});
  expect_plain_preprocessing({96, 110, 300, 310});
}

// The functions of one thread of a GPU, over a whole grid.
template <typename Integer>
std::vector<uint8_t> division_by_threads(const GridShape& shape, const uint8_t* channel) {
  const auto pixels = static_cast<size_t>(shape.grid_height * shape.grid_width);
  std::vector<Integer> resized(pixels);
  std::vector<int32_t> sharpened(pixels);
  std::vector<uint8_t> division(pixels);
  const auto run = [&](auto& out, const auto& value) {
    for (size_t i = 0; i < pixels; ++i) {
      const auto at = static_cast<int64_t>(i);
      out[i] = value(at / shape.grid_width, at % shape.grid_width);
    }
  };
  run(resized, [&](int64_t y, int64_t x) { return resized_pixel<Integer>(channel, shape, y, x); });
  if (shape.width < 100) {
    run(sharpened,
        [&](int64_t y, int64_t x) { return sharpened_pixel(resized.data(), shape, y, x); });
    run(division, [&](int64_t y, int64_t x) {
      return division_pixel<int32_t>(sharpened.data(), shape, 1, y, x);
    });
  } else {
    const auto unit = static_cast<Integer>(resize_unit(shape.grid_height, shape.grid_width));
    run(division,
        [&](int64_t y, int64_t x) { return division_pixel(resized.data(), shape, unit, y, x); });
  }
  return division;
}

TEST(EntropyPreprocessing, OfOneThreadPerPixelIsTheSameBits) {
  for (const Size& size : {Size{96, 96, 135, 135}, Size{120, 160, 47, 63}, Size{3, 3, 5, 7}}) {
    const GridShape shape = {size.height, size.width, size.grid_height, size.grid_width};
    EntropyPreprocessing preprocessing(size.height, size.width, size.grid_height, size.grid_width);
    std::vector<uint8_t> expected(static_cast<size_t>(size.grid_height * size.grid_width));
    for (const auto& image : test_images(size.height, size.width)) {
      preprocessing(image.data(), expected.data());

      EXPECT_EQ(division_by_threads<int32_t>(shape, image.data()), expected);
      EXPECT_EQ(division_by_threads<int64_t>(shape, image.data()), expected);
    }
  }
}

TEST(EntropyPreprocessing, RoundsHalvesToEven) {
  for (const int32_t divisor : {1, 2, 4, 25, 100, 948'000, 2'035'000}) {
    for (int32_t q = 0; q < 255; ++q) {
      const int32_t half = q * divisor + divisor / 2;
      for (const int32_t n : {half - 1, half, half + 1}) {
        if (n < 0 || n > 255 * divisor) continue;
        const double expected = std::nearbyint(static_cast<double>(n) / divisor);
        ASSERT_EQ(rounded_quotient(n, Divisor<int32_t>(divisor)), expected) << n << "/" << divisor;
        ASSERT_EQ(rounded_quotient<int64_t>(n, Divisor<int64_t>(divisor)), expected);
      }
    }
  }
}

// Planes for counting with few and many equal values, flat blocks among them.
std::vector<uint8_t> planes(int64_t channels, int64_t height, int64_t width, uint32_t values) {
  std::mt19937 generator(values);
  std::vector<uint8_t> result(static_cast<size_t>(channels * height * width + kDivisionPadding), 0);
  for (size_t i = 0; i < result.size(); ++i) {
    const bool is_flat = i / 150 % 3 == 0;
    result[i] = static_cast<uint8_t>(is_flat ? 255 : 255 - generator() % values);
  }
  return result;
}

void expect_kernel_histogram(int64_t channels, int64_t region) {
  SCOPED_TRACE(std::to_string(channels) + " channels, region " + std::to_string(region));
  const int64_t height = 19, width = 41;
  const RegionEntropyTable table(channels * region * region);
  for (const uint32_t values : {1u, 2u, 6u, 256u}) {
    const auto division = planes(channels, height, width, values);
    std::vector<float> entropy(static_cast<size_t>(height * width), -1);

    region_entropies(division.data(), channels, height, width, region, table, entropy.data());

    for (int64_t y = region / 2; y < height - region / 2; y += 3) {
      for (int64_t x = region / 2; x < width - region / 2; x += 5) {
        const auto samples =
            tests::region_samples(division.data(), channels, height, width, region, y, x);
        ASSERT_NEAR(entropy[static_cast<size_t>(y * width + x)],
                    kde_entropy(samples, 0.001).entropy, 1e-6)
            << x << ", " << y;
      }
    }
  }
}

TEST(RegionEntropies, AreThoseOfTheKernelHistogram) {
  expect_kernel_histogram(3, 3);
  expect_kernel_histogram(1, 3);
  expect_kernel_histogram(2, 5);
  expect_kernel_histogram(4, 1);
}

TEST(RegionEntropies, OfAllVariantsAreTheSameBits) {
  const SortedEntropyTable sorted_table;
  const RegionEntropyTable table(27);
  for (const auto& [height, width] :
       {std::pair<int64_t, int64_t>{135, 135}, {20, 33}, {3, 3}, {7, 200}, {2, 90}, {90, 2}}) {
    for (const uint32_t values : {1u, 2u, 3u, 9u, 40u, 256u}) {
      const auto division = planes(3, height, width, values);
      std::vector<float> expected(static_cast<size_t>(height * width));
      sliding_region_entropies(division.data(), 3, height, width, 3, table, expected.data());

      std::vector<float> by_thread(expected.size());
      for (int64_t i = 0; i < height * width; ++i) {
        by_thread[static_cast<size_t>(i)] = region_entropy(division.data(), 3, height, width, 3,
                                                           i / width, i % width, table.view());
      }
      EXPECT_EQ(by_thread, expected) << height << " x " << width;
      for (const SortedVariant* variant = sorted_variants(); variant->run; ++variant) {
        std::vector<float> found(expected.size(), -1);
        variant->run(division.data(), height, width, sorted_table, found.data());
        EXPECT_EQ(found, expected) << variant->name << " " << height << " x " << width;
      }
    }
  }
}

// Every partition of 27 samples into runs: the sum over its runs comes out of the byte sums.
void expect_partitions(const SortedEntropyTable& table, int64_t left, int64_t longest,
                       std::vector<int64_t>& runs, int64_t& partitions) {
  if (left == 0) {
    ++partitions;
    uint8_t twos = 0, threes = 0, hash = 0;
    double expected = 0;
    for (const int64_t c : runs) {
      for (int64_t r = 0; r < c; ++r) {
        twos = static_cast<uint8_t>(twos + table.twos[r]);
        threes = static_cast<uint8_t>(threes + table.threes[r]);
        hash = static_cast<uint8_t>(hash + table.hashes[r]);
      }
      const double p = static_cast<double>(c) / 27;
      expected -= p * std::log(p);
    }
    const double found =
        table.of_hash[hash] - table.two * double(twos) - table.three * double(threes);
    EXPECT_NEAR(found * kSortedUnit, expected, 2e-7) << ::testing::PrintToString(runs);
    return;
  }
  for (int64_t c = std::min(left, longest); c >= 1; --c) {
    runs.push_back(c);
    expect_partitions(table, left - c, c, runs, partitions);
    runs.pop_back();
  }
}

TEST(SortedEntropyTable, HoldsForEveryPartition) {
  std::vector<int64_t> runs;
  int64_t partitions = 0;

  expect_partitions(SortedEntropyTable(), 27, 27, runs, partitions);

  EXPECT_EQ(partitions, 3010);  // the number of partitions of 27
}

// Pixels in grids with many bins occupied: 1e-8 for each of them is 2e-6.
TEST(RegionEntropies, OfLargeRegionsCountTheOccupiedBins) {
  const auto division = planes(3, 13, 13, 256);
  const RegionEntropyTable table(3 * 11 * 11);
  std::vector<float> entropy(13 * 13);

  region_entropies(division.data(), 3, 13, 13, 11, table, entropy.data());

  const auto samples = tests::region_samples(division.data(), 3, 13, 13, 11, 6, 6);
  EXPECT_NEAR(entropy[6 * 13 + 6], kde_entropy(samples, 0.001).entropy, 5e-7);
}

}  // namespace
}  // namespace mint::perception
