#include "perception/plane_convolution.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "perception/plane_streams.h"
#include "perception/threads.h"
#include "perception/vector_code.h"

namespace mint::perception {
namespace {

// Parts of a batch whose weight gradients are summed apart, each by one thread: a fixed number, so
// that the sum does not depend on the threads.
constexpr int64_t kParts = 4;

int64_t blocks_of(int64_t channels) {
  return (channels + kStreamBlock - 1) / kStreamBlock;
}

std::vector<StreamProduct> bind(const std::vector<PackedProduct>& packed, StreamBuffer& in,
                                StreamBuffer& out, const StreamGeometry& geometry) {
  std::vector<StreamProduct> products;
  for (const PackedProduct& one : packed) products.push_back(one.product(in, out, geometry));
  return products;
}

// A convolution in one direction: which side is read and which is written.
class Direction {
 public:
  Direction(const StreamGeometry& geometry, bool to_fine, const float* weight, const float* bias)
      : geometry_(geometry),
        to_fine_(to_fine),
        packed_(to_fine ? pack_to_fine(geometry, weight, bias)
                        : pack_to_coarse(geometry, weight, bias)) {}

  StreamBuffer input() const { return to_fine_ ? coarse() : fine(); }
  StreamBuffer output() const { return to_fine_ ? fine() : coarse(); }

  void load(StreamBuffer& in, int64_t slot, int64_t channel, const float* map) const {
    to_fine_ ? in.load_coarse(slot, channel, map) : in.load_fine(slot, channel, map);
  }
  void run(const StreamKernels& kernels, StreamBuffer& in, StreamBuffer& out) const {
    const auto products = bind(packed_, in, out, geometry_);
    kernels.multiply(products.data(), static_cast<int64_t>(products.size()), geometry_.positions);
  }
  void store(StreamBuffer& out, int64_t slot, int64_t channel, float* map) const {
    to_fine_ ? out.store_fine(slot, channel, map) : out.store_coarse(slot, channel, map);
  }

 private:
  // Padded to whole blocks, which correlations read.
  StreamBuffer coarse() const {
    return {geometry_, blocks_of(geometry_.coarse_channels) * kStreamBlock};
  }
  StreamBuffer fine() const { return {geometry_, geometry_.fine_channels * geometry_.planes}; }

  const StreamGeometry& geometry_;
  bool to_fine_;
  std::vector<PackedProduct> packed_;
};

// One per worker, made when the worker gets its first task.
template <typename T>
using PerWorker = std::vector<std::unique_ptr<T>>;

MINT_VECTOR_CLONES double sum_of_lanes(const std::vector<std::vector<float>>& parts, int64_t at) {
  double lanes[kStreamLanes] = {};
  for (const auto& part : parts) {
    const float* from = part.data() + at;
    for (int64_t l = 0; l < kStreamLanes; ++l) lanes[l] += from[l];
  }
  double sum = 0;
  for (const double lane : lanes) sum += lane;
  return sum;
}

MINT_VECTOR_CLONES double sum_of(const float* map, int64_t n) {
  float lanes[kStreamLanes] = {};
  int64_t i = 0;
  for (; i + kStreamLanes <= n; i += kStreamLanes) {
    for (int64_t l = 0; l < kStreamLanes; ++l) lanes[l] += map[i + l];
  }
  double sum = 0;
  for (; i < n; ++i) sum += map[i];
  for (const float lane : lanes) sum += lane;
  return sum;
}

// Sums of coarse * shifted fine over a part of the batch.
struct WeightSums {
  std::vector<int64_t> offsets;
  int64_t a_blocks, b_blocks;

  explicit WeightSums(const StreamGeometry& g)
      : a_blocks(blocks_of(g.coarse_channels)), b_blocks(blocks_of(g.fine_channels * g.taps())) {
    for (int64_t f = 0; f < g.fine_channels; ++f) {
      for (int64_t tap = 0; tap < g.taps(); ++tap) {
        offsets.push_back((f * g.planes + g.plane_of(tap)) * g.length + g.shift_of(tap));
      }
    }
    offsets.resize(static_cast<size_t>(b_blocks * kStreamBlock), 0);
  }

  size_t size() const {
    return static_cast<size_t>(a_blocks * b_blocks * kStreamBlock * kStreamBlock * kStreamLanes);
  }

  void add(const StreamKernels& kernels, const StreamGeometry& g, StreamBuffer& coarse,
           StreamBuffer& fine, float* sums) const {
    kernels.correlate(
        {coarse.stream(0), g.length, a_blocks, fine.stream(0), offsets.data(), b_blocks, sums},
        g.positions);
  }

  // weight [coarse, fine, taps] = sum of the parts, in their order.
  void reduce(const StreamGeometry& g, const std::vector<std::vector<float>>& parts,
              float* weight) const {
    const int64_t streams = g.fine_channels * g.taps();
    parallel_for(g.coarse_channels, [&](int64_t c, int64_t) {
      for (int64_t s = 0; s < streams; ++s) {
        const int64_t tile = (c / kStreamBlock * b_blocks + s / kStreamBlock) * kStreamBlock;
        const int64_t at = (tile + c % kStreamBlock) * kStreamBlock + s % kStreamBlock;
        weight[c * streams + s] = static_cast<float>(sum_of_lanes(parts, at * kStreamLanes));
      }
    });
  }
};

}  // namespace

void convolve(const ConvolutionShape& shape, int64_t images, const MapReader& x,
              const float* weight, const float* bias, float* y, const MapVisitor& visit_y,
              VectorLevel level) {
  const StreamGeometry geometry(shape, images);
  const StreamKernels& kernels = stream_kernels(level);
  const Direction forward(geometry, shape.transposed, weight, bias);
  const int64_t out_pixels = shape.out_height() * shape.out_width();
  struct Scratch {
    StreamBuffer in, out;
    std::vector<float> map;
  };
  PerWorker<Scratch> scratches(static_cast<size_t>(threads()));
  const int64_t group = geometry.group;
  parallel_for((images + group - 1) / group, [&](int64_t task, int64_t worker) {
    auto& scratch = scratches[static_cast<size_t>(worker)];
    if (!scratch) {
      scratch.reset(
          new Scratch{forward.input(), forward.output(),
                      std::vector<float>(static_cast<size_t>(shape.height * shape.width))});
    }
    const int64_t first = task * group, count = std::min(group, images - first);
    for (int64_t slot = 0; slot < count; ++slot) {
      for (int64_t c = 0; c < shape.in; ++c) {
        x(first + slot, c, scratch->map.data());
        forward.load(scratch->in, slot, c, scratch->map.data());
      }
    }
    forward.run(kernels, scratch->in, scratch->out);
    for (int64_t slot = 0; slot < count; ++slot) {
      for (int64_t c = 0; c < shape.out; ++c) {
        float* map = y + ((first + slot) * shape.out + c) * out_pixels;
        forward.store(scratch->out, slot, c, map);
        if (visit_y) visit_y(first + slot, c, map);
      }
    }
  });
}

void convolve_backward(const ConvolutionShape& shape, int64_t images, const MapReader& x,
                       const MapReader& dy, const float* weight,
                       const ConvolutionGradients& gradients, const MapVisitor& visit_dx,
                       VectorLevel level) {
  const StreamGeometry geometry(shape, images);
  const StreamKernels& kernels = stream_kernels(level);
  const Direction forward(geometry, shape.transposed, weight, nullptr);
  const Direction backward(geometry, !shape.transposed, weight, nullptr);
  const WeightSums weight_sums(geometry);
  const int64_t pixels = shape.height * shape.width;
  const int64_t out_pixels = shape.out_height() * shape.out_width();
  std::vector<double> bias_sums(static_cast<size_t>(images * shape.out));
  struct Scratch {
    StreamBuffer x, dy, dx;
    std::vector<float> map;
  };
  PerWorker<Scratch> scratches(static_cast<size_t>(threads()));

  const int64_t group = geometry.group, groups = (images + group - 1) / group;
  const int64_t parts = std::min(kParts, groups);
  std::vector<std::vector<float>> sums(static_cast<size_t>(parts));
  const auto run_group = [&](int64_t first, int64_t count, Scratch& scratch, float* part_sums) {
    float* map = scratch.map.data();
    for (int64_t slot = 0; slot < count; ++slot) {
      for (int64_t c = 0; c < shape.in; ++c) {
        x(first + slot, c, map);
        forward.load(scratch.x, slot, c, map);
      }
      for (int64_t c = 0; c < shape.out; ++c) {
        dy(first + slot, c, map);
        bias_sums[static_cast<size_t>((first + slot) * shape.out + c)] = sum_of(map, out_pixels);
        backward.load(scratch.dy, slot, c, map);
      }
    }
    for (int64_t slot = count; slot < group; ++slot) {  // an earlier group's images add nothing
      std::fill_n(map, out_pixels, 0.0f);
      for (int64_t c = 0; c < shape.out; ++c) backward.load(scratch.dy, slot, c, map);
    }
    StreamBuffer& coarse = shape.transposed ? scratch.x : scratch.dy;
    StreamBuffer& fine = shape.transposed ? scratch.dy : scratch.x;
    weight_sums.add(kernels, geometry, coarse, fine, part_sums);
    if (!gradients.x) return;
    backward.run(kernels, scratch.dy, scratch.dx);
    for (int64_t slot = 0; slot < count; ++slot) {
      for (int64_t c = 0; c < shape.in; ++c) {
        float* dx = gradients.x + ((first + slot) * shape.in + c) * pixels;
        backward.store(scratch.dx, slot, c, dx);
        if (visit_dx) visit_dx(first + slot, c, dx);
      }
    }
  };
  parallel_for(parts, [&](int64_t part, int64_t worker) {
    auto& scratch = scratches[static_cast<size_t>(worker)];
    if (!scratch) {
      scratch.reset(
          new Scratch{forward.input(), backward.input(), backward.output(),
                      std::vector<float>(static_cast<size_t>(std::max(pixels, out_pixels)))});
    }
    auto& part_sums = sums[static_cast<size_t>(part)];
    part_sums.assign(weight_sums.size(), 0);
    for (int64_t i = groups * part / parts; i < groups * (part + 1) / parts; ++i) {
      run_group(i * group, std::min(group, images - i * group), *scratch, part_sums.data());
    }
  });

  weight_sums.reduce(geometry, sums, gradients.weight);
  for (int64_t c = 0; c < shape.out; ++c) {
    double sum = 0;
    for (int64_t n = 0; n < images; ++n) sum += bias_sums[static_cast<size_t>(n * shape.out + c)];
    gradients.bias[c] = static_cast<float>(sum);
  }
}

}  // namespace mint::perception
