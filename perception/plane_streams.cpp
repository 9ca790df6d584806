#include "perception/plane_streams.h"

#include <algorithm>

#include "perception/vector_code.h"

namespace mint::perception {
namespace {

constexpr int64_t kShortestStream = 1024;  // positions; keeps sums in registers for a while
constexpr int64_t kLargestGroup = 8;

int64_t round_up(int64_t n, int64_t multiple) {
  return (n + multiple - 1) / multiple * multiple;
}

// Every stride-th value of `map` into `out`, and back.
MINT_VECTOR_CLONES void pick_pairs(const float* map, int64_t n, float* even, float* odd) {
  for (int64_t i = 0; i < n; ++i) {
    even[i] = map[2 * i];
    odd[i] = map[2 * i + 1];
  }
}
MINT_VECTOR_CLONES void put_pairs(const float* even, const float* odd, int64_t n, float* map) {
  for (int64_t i = 0; i < n; ++i) {
    map[2 * i] = even[i];
    map[2 * i + 1] = odd[i];
  }
}

// The weights of the given output channels in blocks; value(output channel, term).
template <typename Value>
std::vector<float> pack(int64_t channels, int64_t terms, Value value) {
  std::vector<float> packed(static_cast<size_t>(round_up(channels, kStreamBlock) * terms), 0);
  for (int64_t o = 0; o < channels; ++o) {
    for (int64_t t = 0; t < terms; ++t) {
      const int64_t at = (o / kStreamBlock * terms + t) * kStreamBlock + o % kStreamBlock;
      packed[static_cast<size_t>(at)] = value(o, t);
    }
  }
  return packed;
}

std::vector<float> pad_bias(const float* bias, int64_t channels) {
  std::vector<float> padded(static_cast<size_t>(round_up(channels, kStreamBlock)), 0);
  if (bias) std::copy(bias, bias + channels, padded.begin());
  return padded;
}

}  // namespace

StreamGeometry::StreamGeometry(const ConvolutionShape& shape, int64_t images)
    : coarse_channels(shape.transposed ? shape.in : shape.out),
      fine_channels(shape.transposed ? shape.out : shape.in),
      height(shape.transposed ? shape.height : shape.out_height()),
      width(shape.transposed ? shape.width : shape.out_width()),
      fine_height(shape.transposed ? shape.out_height() : shape.height),
      fine_width(shape.transposed ? shape.out_width() : shape.width),
      kernel(shape.kernel),
      stride(shape.stride),
      padding(shape.padding),
      extra((kernel - 1) / stride),
      pitch(width + extra),
      rows(height + extra),
      planes(stride * stride),
      group(std::clamp<int64_t>(kShortestStream / (rows * pitch), 1,
                                std::clamp<int64_t>(images, 1, kLargestGroup))),
      positions(round_up(group * rows * pitch, kStreamLanes)),
      margin(round_up(extra * (pitch + 1), kStreamLanes)),
      length(positions + 2 * margin) {
  // An odd number of cache lines: streams that are read together fall into different sets.
  if (length / kStreamLanes % 2 == 0) length += kStreamLanes;
}

StreamBuffer::StreamBuffer(const StreamGeometry& geometry, int64_t streams)
    : geometry_(&geometry),
      values_(static_cast<size_t>(streams * geometry.length + kStreamLanes), 0) {
  const auto misplaced = reinterpret_cast<uintptr_t>(values_.data()) / sizeof(float) % kStreamLanes;
  first_ = values_.data() + (kStreamLanes - static_cast<int64_t>(misplaced)) + geometry.margin;
}

void StreamBuffer::load_coarse(int64_t slot, int64_t channel, const float* map) {
  const StreamGeometry& g = *geometry_;
  float* to = stream(channel) + slot * g.rows * g.pitch;
  for (int64_t y = 0; y < g.height; ++y) std::copy_n(map + y * g.width, g.width, to + y * g.pitch);
}

void StreamBuffer::store_coarse(int64_t slot, int64_t channel, float* map) {
  const StreamGeometry& g = *geometry_;
  const float* from = stream(channel) + slot * g.rows * g.pitch;
  for (int64_t y = 0; y < g.height; ++y) {
    std::copy_n(from + y * g.pitch, g.width, map + y * g.width);
  }
}

void StreamBuffer::load_fine(int64_t slot, int64_t channel, const float* map) {
  const StreamGeometry& g = *geometry_;
  for (int64_t y = 0; y < g.fine_height; ++y) {
    const int64_t row = (y + g.padding) / g.stride;
    if (row >= g.rows) break;
    const float* from = map + y * g.fine_width;
    const int64_t plane = channel * g.planes + (y + g.padding) % g.stride * g.stride;
    float* to = stream(plane) + (slot * g.rows + row) * g.pitch;
    const int64_t columns = std::min(g.fine_width, g.pitch * g.stride - g.padding);
    if (g.stride == 2 && g.padding == 0) {
      pick_pairs(from, columns / 2, to, to + g.length);
      if (columns % 2) to[columns / 2] = from[columns - 1];
      continue;
    }
    for (int64_t b = 0; b < g.stride; ++b) {
      // Column x lies in phase b if x + padding = stride j + b.
      for (int64_t j = b < g.padding ? 1 : 0, x = j * g.stride + b - g.padding; x < columns;
           ++j, x += g.stride) {
        to[b * g.length + j] = from[x];
      }
    }
  }
}

void StreamBuffer::store_fine(int64_t slot, int64_t channel, float* map) {
  const StreamGeometry& g = *geometry_;
  for (int64_t y = 0; y < g.fine_height; ++y) {
    const int64_t row = (y + g.padding) / g.stride;
    float* to = map + y * g.fine_width;
    if (row >= g.rows) {
      std::fill_n(to, g.fine_width, 0.0f);  // no tap reaches these pixels
      continue;
    }
    const int64_t plane = channel * g.planes + (y + g.padding) % g.stride * g.stride;
    const float* from = stream(plane) + (slot * g.rows + row) * g.pitch;
    const int64_t columns = std::min(g.fine_width, g.pitch * g.stride - g.padding);
    if (g.stride == 2 && g.padding == 0) {
      put_pairs(from, from + g.length, columns / 2, to);
      if (columns % 2) to[columns - 1] = from[columns / 2];
    } else {
      for (int64_t b = 0; b < g.stride; ++b) {
        for (int64_t j = b < g.padding ? 1 : 0, x = j * g.stride + b - g.padding; x < columns;
             ++j, x += g.stride) {
          to[x] = from[b * g.length + j];
        }
      }
    }
    std::fill(to + columns, to + g.fine_width, 0.0f);
  }
}

StreamProduct PackedProduct::product(StreamBuffer& in, StreamBuffer& out,
                                     const StreamGeometry& geometry) const {
  return {
      in.stream(0), offsets.data(),           static_cast<int64_t>(offsets.size()), weight.data(),
      bias.data(),  out.stream(first_stream), stream_step * geometry.length,        channels};
}

std::vector<PackedProduct> pack_to_coarse(const StreamGeometry& g, const float* weight,
                                          const float* bias) {
  PackedProduct packed;
  packed.channels = g.coarse_channels;
  for (int64_t f = 0; f < g.fine_channels; ++f) {
    for (int64_t tap = 0; tap < g.taps(); ++tap) {
      packed.offsets.push_back((f * g.planes + g.plane_of(tap)) * g.length + g.shift_of(tap));
    }
  }
  const auto terms = static_cast<int64_t>(packed.offsets.size());
  packed.weight = pack(g.coarse_channels, terms,
                       [&](int64_t c, int64_t term) { return weight[c * terms + term]; });
  packed.bias = pad_bias(bias, g.coarse_channels);
  return {packed};
}

std::vector<PackedProduct> pack_to_fine(const StreamGeometry& g, const float* weight,
                                        const float* bias) {
  std::vector<PackedProduct> all;
  for (int64_t plane = 0; plane < g.planes; ++plane) {
    PackedProduct packed;
    packed.channels = g.fine_channels;
    packed.first_stream = plane;
    packed.stream_step = g.planes;
    std::vector<int64_t> taps;  // of this phase
    for (int64_t tap = 0; tap < g.taps(); ++tap) {
      if (g.plane_of(tap) == plane) taps.push_back(tap);
    }
    for (int64_t c = 0; c < g.coarse_channels; ++c) {
      for (const int64_t tap : taps) packed.offsets.push_back(c * g.length - g.shift_of(tap));
    }
    const auto count = static_cast<int64_t>(taps.size());
    packed.weight = pack(g.fine_channels, count * g.coarse_channels, [&](int64_t f, int64_t term) {
      const int64_t c = term / count, tap = taps[static_cast<size_t>(term % count)];
      return weight[(c * g.fine_channels + f) * g.taps() + tap];
    });
    packed.bias = pad_bias(bias, g.fine_channels);
    all.push_back(packed);
  }
  return all;
}

}  // namespace mint::perception
