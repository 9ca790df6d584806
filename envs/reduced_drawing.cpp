#include "envs/reduced_drawing.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "envs/vector_code.h"

namespace mint::envs {
namespace {

constexpr int kBands = kObservationSize_px;  // of four rows each
constexpr int kVector = 4;                   // pixels of a line blended at once

Pixel pack(Rgb colour, uint8_t id) {
  return colour.r | Pixel{colour.g} << 8 | Pixel{colour.b} << 16 | Pixel{id} << 24;
}

// Bits [first, last) of a word whose lowest bit has the number `base`.
uint64_t bits_between(int first, int last, int base) {
  first = std::max(first - base, 0);
  last = std::min(last - base, 64);
  if (first >= last) return 0;
  return ~uint64_t{0} >> (64 - (last - first)) << first;
}

int block_of(int column) {
  return column / kReduction;
}
int block_from(int column) {  // the first that lies at or right of the column
  return (column + kReduction - 1) / kReduction;
}

void put_four(Pixel* pixels, Pixel pixel) {
  const std::array<Pixel, kReduction> four = {pixel, pixel, pixel, pixel};
  std::memcpy(pixels, four.data(), sizeof four);
}

// The mean of 4 x 4 pixels, four to a row and the rows `stride` pixels apart, byte by byte, halves
// to even.
Pixel mean_pixel(const Pixel* block, int stride) {
  // Two pixels a word; 16 bits for the sum of each red and blue, and of each green and id.
  constexpr uint64_t kEveryOther = 0x00ff00ff00ff00ff;
  uint64_t even = 0;
  uint64_t odd = 0;
  for (int y = 0; y < kReduction; ++y) {
    std::array<uint64_t, 2> words;
    std::memcpy(words.data(), block + y * stride, sizeof words);
    even += (words[0] & kEveryOther) + (words[1] & kEveryOther);
    odd += (words[0] >> 8 & kEveryOther) + (words[1] >> 8 & kEveryOther);
  }
  const auto rounded = [](uint64_t sums) {
    sums += sums >> 32;
    return static_cast<Pixel>((sums + 0x00070007 + (sums >> 4 & 0x00010001)) >> 4 & 0x00ff00ff);
  };
  return rounded(even) | rounded(odd) << 8;
}

uint8_t block_id(const Pixel* block) {
  std::array<uint8_t, kReduction * kReduction> ids;
  for (size_t i = 0; i < ids.size(); ++i) {
    ids[i] = block[i / kReduction * kFullSize_px + i % kReduction] >> 24;
  }
  return winning_id(ids);
}

// Four rows of the drawing: a row of the reduced picture. A block is either in `mixed` and has its
// pixels, or of one colour and id, which stand in the reduced picture already.
struct Band {
  const Backdrop* backdrop;
  int top;  // first row
  uint8_t* rgb;
  uint8_t* ids;  // or null
  Blocks mixed;
  Blocks untouched;  // mixed by the backdrop and not painted over
  // [4, 384] and room for whole vectors; arbitrary where a block is of one colour.
  std::array<Pixel, kReduction * kFullSize_px + kVector> pixels;

  Pixel* row(int y) { return &pixels[y * kFullSize_px]; }

  // Gives the blocks [first, last) pixels of their own.
  void mix(int first, int last) {
    for (int x = first; x < last; ++x) {
      if (mixed.has(x)) continue;
      mixed.add(x);
      Pixel* block = row(0) + kReduction * x;
      if (untouched.has(x)) {
        for (int y = 0; y < kReduction; ++y) {
          const Pixel* below = backdrop->row(top + y) + kReduction * x;
          std::memcpy(block + y * kFullSize_px, below, kReduction * sizeof(Pixel));
        }
        continue;
      }
      const Pixel pixel = pack({rgb[3 * x], rgb[3 * x + 1], rgb[3 * x + 2]}, ids ? ids[x] : 0);
      for (int y = 0; y < kReduction; ++y) put_four(block + y * kFullSize_px, pixel);
    }
  }

  // Makes the blocks [first, last) one colour.
  void flood(int first, int last, Pixel pixel) {
    for (int x = first; x < last - 1; ++x) std::memcpy(rgb + 3 * x, &pixel, 4);  // mended by next
    std::memcpy(rgb + 3 * (last - 1), &pixel, 3);
    if (ids) std::memset(ids + first, pixel >> 24, last - first);
    mixed.remove(first, last);
    untouched.remove(first, last);
  }

  void reduce() {
    for (int word = 0; word < 2; ++word) {
      for (uint64_t left = mixed.bits[word]; left != 0; left &= left - 1) {
        const int x = 64 * word + __builtin_ctzll(left);
        const Pixel* block = row(0) + kReduction * x;
        const Pixel mean = mean_pixel(block, kFullSize_px);
        for (int c = 0; c < 3; ++c) rgb[3 * x + c] = mean >> 8 * c & 255;
        if (ids) ids[x] = block_id(block);
      }
    }
  }
};

// Rows [first, last) of the band that a stroke touches.
struct BandRows {
  int first;
  int last;
};
BandRows rows_in_band(const Stroke& stroke, int top) {
  return {std::max(stroke.first_row - top, 0), std::min(stroke.last_row - top, kReduction)};
}

void paint_polygon(const Drawing& drawing, const Stroke& stroke, Band& band) {
  const Pixel pixel = pack(stroke.paint.colour, stroke.paint.id);
  const BandRows rows = rows_in_band(stroke, band.top);
  const int per_row = stroke.spans_per_row;
  const Span* spans =
      &drawing.spans[stroke.start + (band.top + rows.first - stroke.first_row) * per_row];
  const int count = (rows.last - rows.first) * per_row;
  Span outer = {kFullSize_px, 0};
  Span inner = {0, kFullSize_px};
  for (int i = 0; i < count; ++i) {
    inner = {std::max(inner.first, spans[i].first), std::min(inner.last, spans[i].last)};
    if (spans[i].first >= spans[i].last) continue;
    outer = {std::min(outer.first, spans[i].first), std::max(outer.last, spans[i].last)};
  }
  if (outer.first >= outer.last) return;
  // One span in each of four rows: all blocks between the innermost ends are of one colour.
  const bool is_solid = rows.last - rows.first == kReduction && per_row == 1;
  const int solid_first = block_from(inner.first);
  const int solid_last = block_of(inner.last);
  if (is_solid && solid_first < solid_last) {
    band.mix(block_of(outer.first), solid_first);
    band.mix(solid_last, block_from(outer.last));
    band.flood(solid_first, solid_last, pixel);
    for (int y = 0; y < kReduction; ++y) {
      Pixel* row = band.row(y);
      // Four at a time: those too many are in the blocks of one colour.
      for (int x = spans[y].first; x < kReduction * solid_first; x += 4) put_four(row + x, pixel);
      for (int x = spans[y].last; x > kReduction * solid_last; x -= 4) put_four(row + x - 4, pixel);
    }
    return;
  }
  band.mix(block_of(outer.first), block_from(outer.last));
  for (int i = 0; i < count; ++i) {
    Pixel* row = band.row(rows.first + i / per_row);
    for (int x = spans[i].first; x < spans[i].last; ++x) row[x] = pixel;
  }
}

// Blends a line's colour into the pixels of `columns`, and none into the up to kVector - 1 pixels
// beyond them that it also writes: made for the compiler's vectors.
inline void blend_row(const Line& line, Paint paint, double centre_y, Span columns, Pixel* row) {
  const std::array<int, 3> colour = {paint.colour.r, paint.colour.g, paint.colour.b};
  for (int start = columns.first; start < columns.last; start += kVector) {
    std::array<double, kVector> covered;
    for (int i = 0; i < kVector; ++i) {
      covered[i] = start + i < columns.last ? coverage(line, start + i, centre_y) : 0;
    }
    std::array<Pixel, kVector> below;
    std::memcpy(below.data(), row + start, sizeof below);
    std::array<Pixel, kVector> above;
    for (int i = 0; i < kVector; ++i) {
      above[i] = covered[i] >= 0.5 ? Pixel{paint.id} << 24 : below[i] & 0xff000000;
    }
    for (int c = 0; c < 3; ++c) {
      for (int i = 0; i < kVector; ++i) {
        const int value = below[i] >> 8 * c & 255;
        const int blended = static_cast<int>(value + (colour[c] - value) * covered[i] + 0.5);
        above[i] |= static_cast<Pixel>(blended) << 8 * c;
      }
    }
    std::memcpy(row + start, above.data(), sizeof above);
  }
}

MINT_VECTOR_CLONES
void paint_line(const Line& line, const Stroke& stroke, Band& band) {
  const BandRows rows = rows_in_band(stroke, band.top);
  const double highest = kFullSize_px - 1 - band.top + 0.5;  // centre of the band's first row
  std::array<Span, kReduction> columns;
  Span hull = {kFullSize_px, 0};
  for (int y = rows.first; y < rows.last; ++y) {
    columns[y] = covered_columns(line, highest - y, kFullSize_px);
    if (columns[y].first >= columns[y].last) continue;
    hull = {std::min(hull.first, columns[y].first), std::max(hull.last, columns[y].last)};
  }
  if (hull.first >= hull.last) return;
  band.mix(block_of(hull.first), block_from(hull.last));
  for (int y = rows.first; y < rows.last; ++y) {
    blend_row(line, stroke.paint, highest - y, columns[y], band.row(y));
  }
}

// The strokes of each band, in painter's order.
class BandIndex {
 public:
  void sort(const Drawing& drawing) {
    starts_.fill(0);
    for (const Stroke& stroke : drawing.strokes) {
      for (int band = first_band(stroke); band < last_band(stroke); ++band) ++starts_[band + 1];
    }
    for (int band = 0; band < kBands; ++band) starts_[band + 1] += starts_[band];
    strokes_.resize(starts_[kBands]);
    auto next = starts_;
    for (const Stroke& stroke : drawing.strokes) {
      for (int band = first_band(stroke); band < last_band(stroke); ++band) {
        strokes_[next[band]++] = &stroke;
      }
    }
  }

  const Stroke* const* begin(int band) const { return strokes_.data() + starts_[band]; }
  const Stroke* const* end(int band) const { return strokes_.data() + starts_[band + 1]; }

 private:
  static int first_band(const Stroke& stroke) { return stroke.first_row / kReduction; }
  static int last_band(const Stroke& stroke) {
    return (stroke.last_row + kReduction - 1) / kReduction;
  }

  std::array<int, kBands + 1> starts_;  // of each band's part of strokes_
  std::vector<const Stroke*> strokes_;
};

}  // namespace

void Blocks::remove(int first, int last) {
  bits[0] &= ~bits_between(first, last, 0);
  bits[1] &= ~bits_between(first, last, 64);
}

Backdrop::Backdrop(const std::vector<uint8_t>& rgb)
    : reduced(3 * kObservationSize_px * kObservationSize_px) {
  assert(rgb.size() == size_t{3} * kFullSize_px * kFullSize_px);
  for (int y = 0; y < kFullSize_px; ++y) {
    std::array<Pixel, kFullSize_px> pixels;
    for (int x = 0; x < kFullSize_px; ++x) {
      const uint8_t* value = &rgb[3 * (y * kFullSize_px + x)];
      pixels[x] = pack({value[0], value[1], value[2]}, 0);
    }
    if (y == 0 || !std::equal(pixels.begin(), pixels.end(), row(y - 1))) {
      distinct_rows.insert(distinct_rows.end(), pixels.begin(), pixels.end());
    }
    row_of[y] = distinct_rows.size() / kFullSize_px - 1;
  }
  for (int i = 0; i < kObservationSize_px * kObservationSize_px; ++i) {
    const int y = i / kObservationSize_px;
    const int x = i % kObservationSize_px;
    std::array<Pixel, kReduction * kReduction> block;
    for (int k = 0; k < kReduction * kReduction; ++k) {
      block[k] = row(kReduction * y + k / kReduction)[kReduction * x + k % kReduction];
    }
    if (std::count(block.begin(), block.end(), block[0]) != kReduction * kReduction) {
      mixed[y].add(x);
    }
    const Pixel mean = mean_pixel(block.data(), kReduction);
    std::memcpy(&reduced[3 * i], &mean, 3);
  }
}

void paint_reduced(const Drawing& drawing, const Backdrop& backdrop, uint8_t* rgb, uint8_t* ids) {
  assert(drawing.width == kFullSize_px && drawing.height == kFullSize_px);
  thread_local BandIndex index;
  index.sort(drawing);
  std::memcpy(rgb, backdrop.reduced.data(), backdrop.reduced.size());
  if (ids) std::memset(ids, 0, kObservationSize_px * kObservationSize_px);
  Band band;
  for (int y = 0; y < kBands; ++y) {
    band.backdrop = &backdrop;
    band.top = kReduction * y;
    band.rgb = rgb + 3 * kObservationSize_px * y;
    band.ids = ids ? ids + kObservationSize_px * y : nullptr;
    band.mixed = {};
    band.untouched = backdrop.mixed[y];
    for (auto stroke = index.begin(y); stroke != index.end(y); ++stroke) {
      (*stroke)->is_line ? paint_line(drawing.lines[(*stroke)->start], **stroke, band)
                         : paint_polygon(drawing, **stroke, band);
    }
    band.reduce();
  }
}

uint8_t winning_id(const std::array<uint8_t, kReduction * kReduction>& ids) {
  uint8_t winner = ids[0];
  auto most = std::count(ids.begin(), ids.end(), winner);
  for (const uint8_t id : ids) {
    if (most > kReduction * kReduction / 2) break;  // no other can have as many
    if (id == winner) continue;
    const auto votes = std::count(ids.begin(), ids.end(), id);
    if (votes > most || (votes == most && id > winner)) {
      winner = id;
      most = votes;
    }
  }
  return winner;
}

}  // namespace mint::envs
