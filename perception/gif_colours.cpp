#include "perception/gif_colours.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace mint::perception {
namespace {

constexpr size_t kTable = 256;

struct CountedColour {
  uint32_t colour = 0;
  int64_t pixels = 0;
  uint8_t index = 0;  // into the table
};

int channel(uint32_t colour, int c) {
  return static_cast<int>(colour >> (16 - 8 * c) & 255);
}

// The different colours in rising order. Neighbours are mostly equal, so runs are sorted, not
// pixels.
std::vector<CountedColour> count_colours(const std::vector<uint32_t>& pixels) {
  std::vector<CountedColour> runs;
  for (const uint32_t pixel : pixels) {
    if (runs.empty() || runs.back().colour != pixel) runs.push_back({pixel, 0, 0});
    ++runs.back().pixels;
  }
  std::sort(runs.begin(), runs.end(),
            [](const auto& a, const auto& b) { return a.colour < b.colour; });
  std::vector<CountedColour> colours;
  for (const CountedColour& run : runs) {
    if (colours.empty() || colours.back().colour != run.colour) {
      colours.push_back(run);
    } else {
      colours.back().pixels += run.pixels;
    }
  }
  return colours;
}

// A box of the colour cube: colours[begin, end).
struct Box {
  size_t begin = 0;
  size_t end = 0;
  int64_t pixels = 0;
  std::array<double, 3> mean = {};
  int longest = 0;   // the channel in which the colours are farthest apart
  double error = 0;  // squared distance of all pixels to the mean; 0 for a single colour
};

Box make_box(const std::vector<CountedColour>& colours, size_t begin, size_t end) {
  Box box{begin, end};
  std::array<int, 3> least = {255, 255, 255}, most = {0, 0, 0};
  std::array<double, 3> squares = {};
  for (size_t i = begin; i < end; ++i) {
    const auto pixels = static_cast<double>(colours[i].pixels);
    box.pixels += colours[i].pixels;
    for (int c = 0; c < 3; ++c) {
      const int value = channel(colours[i].colour, c);
      least[c] = std::min(least[c], value);
      most[c] = std::max(most[c], value);
      box.mean[c] += pixels * value;
      squares[c] += pixels * value * value;
    }
  }
  for (int c = 0; c < 3; ++c) {
    box.mean[c] /= static_cast<double>(box.pixels);
    box.error += squares[c] - static_cast<double>(box.pixels) * box.mean[c] * box.mean[c];
    if (most[c] - least[c] > most[box.longest] - least[box.longest]) box.longest = c;
  }
  if (end - begin == 1) box.error = 0;  // and not what rounding left of it
  return box;
}

// Where the two halves meet: each keeps at least one colour.
size_t sort_and_halve(std::vector<CountedColour>& colours, const Box& box) {
  std::stable_sort(colours.begin() + static_cast<std::ptrdiff_t>(box.begin),
                   colours.begin() + static_cast<std::ptrdiff_t>(box.end),
                   [&](const auto& a, const auto& b) {
                     return channel(a.colour, box.longest) < channel(b.colour, box.longest);
                   });
  int64_t passed = 0;
  size_t middle = box.begin;
  while (middle < box.end - 1 && 2 * passed < box.pixels) passed += colours[middle++].pixels;
  return middle;
}

std::vector<Box> cut_at_medians(std::vector<CountedColour>& colours) {
  std::vector<Box> boxes = {make_box(colours, 0, colours.size())};
  while (boxes.size() < kTable) {
    Box& worst = *std::max_element(boxes.begin(), boxes.end(),
                                   [](const Box& a, const Box& b) { return a.error < b.error; });
    const size_t middle = sort_and_halve(colours, worst);
    const Box right = make_box(colours, middle, worst.end);
    worst = make_box(colours, worst.begin, middle);
    boxes.push_back(right);
  }
  return boxes;
}

uint32_t mean_colour(const Box& box) {
  uint32_t colour = 0;
  for (int c = 0; c < 3; ++c)
    colour = colour << 8 | static_cast<uint32_t>(std::lround(box.mean[c]));
  return colour;
}

// Gives every colour its index, and returns the table.
std::vector<uint32_t> make_table(std::vector<CountedColour>& colours) {
  std::vector<uint32_t> table;
  if (colours.size() <= kTable) {
    for (CountedColour& colour : colours) {
      colour.index = static_cast<uint8_t>(table.size());
      table.push_back(colour.colour);
    }
    return table;
  }
  for (const Box& box : cut_at_medians(colours)) {
    for (size_t i = box.begin; i < box.end; ++i) {
      colours[i].index = static_cast<uint8_t>(table.size());
    }
    table.push_back(mean_colour(box));
  }
  std::sort(colours.begin(), colours.end(),
            [](const auto& a, const auto& b) { return a.colour < b.colour; });
  return table;
}

}  // namespace

IndexedPixels index_colours(const std::vector<uint32_t>& pixels) {
  std::vector<CountedColour> colours = count_colours(pixels);
  IndexedPixels result{make_table(colours), {}};
  result.indices.reserve(pixels.size());
  auto last = colours.begin();
  for (const uint32_t pixel : pixels) {
    if (last->colour != pixel) {
      last = std::lower_bound(colours.begin(), colours.end(), pixel,
                              [](const auto& a, uint32_t colour) { return a.colour < colour; });
    }
    result.indices.push_back(last->index);
  }
  return result;
}

}  // namespace mint::perception
