// How the maps of a convolution lie in memory as streams: the geometry, the copies in and out, and
// the weights in the order of the kernels. Internal to perception/plane_convolution.cpp.
#pragma once

#include <cstdint>
#include <vector>

#include "perception/plane_convolution.h"

namespace mint::perception {

// One stream holds one channel (of one phase) of a few images: for each image, height + extra rows
// of width + extra pixels, where the extra ones are zero.
struct StreamGeometry {
  // For batches of `images`, at least 1.
  StreamGeometry(const ConvolutionShape& shape, int64_t images);

  int64_t coarse_channels, fine_channels;
  int64_t height, width;            // of the coarse image
  int64_t fine_height, fine_width;  // of the fine one
  int64_t kernel, stride, padding;
  int64_t extra;      // rows and columns that a tap may reach beyond the coarse image
  int64_t pitch;      // width + extra
  int64_t rows;       // height + extra
  int64_t planes;     // phases: stride * stride
  int64_t group;      // images in one stream, so that a stream is not short
  int64_t positions;  // of a stream, a multiple of kStreamLanes
  int64_t margin;     // zeros before and after them
  int64_t length;     // floats from one stream to the next

  int64_t taps() const { return kernel * kernel; }
  int64_t plane_of(int64_t tap) const {
    return tap / kernel % stride * stride + tap % kernel % stride;
  }
  int64_t shift_of(int64_t tap) const {
    return tap / kernel / stride * pitch + tap % kernel / stride;
  }
};

// Streams of coarse or fine maps. Positions that belong to no pixel stay zero in a buffer that only
// the load functions write.
class StreamBuffer {
 public:
  StreamBuffer(const StreamGeometry& geometry, int64_t streams);
  StreamBuffer(StreamBuffer&&) = default;

  // The first position of a stream, at the start of a cache line.
  float* stream(int64_t index) { return first_ + index * geometry_->length; }

  // map [height, width] of channel `channel` of image `slot` of the group.
  void load_coarse(int64_t slot, int64_t channel, const float* map);
  void store_coarse(int64_t slot, int64_t channel, float* map);
  // map [fine_height, fine_width]; stream channel * planes + plane.
  void load_fine(int64_t slot, int64_t channel, const float* map);
  void store_fine(int64_t slot, int64_t channel, float* map);

 private:
  const StreamGeometry* geometry_;
  std::vector<float> values_;
  float* first_;
};

// A product of one direction with its weights; call product() with the buffers.
struct PackedProduct {
  std::vector<int64_t> offsets;
  std::vector<float> weight, bias;
  int64_t first_stream = 0, stream_step = 1;  // of the output channels
  int64_t channels = 0;

  StreamProduct product(StreamBuffer& in, StreamBuffer& out, const StreamGeometry& geometry) const;
};

// Fine to coarse: one product. Coarse to fine: one per phase. bias may be null.
std::vector<PackedProduct> pack_to_coarse(const StreamGeometry& geometry, const float* weight,
                                          const float* bias);
std::vector<PackedProduct> pack_to_fine(const StreamGeometry& geometry, const float* weight,
                                        const float* bias);

}  // namespace mint::perception
