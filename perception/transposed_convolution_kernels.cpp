#include "perception/transposed_convolution_kernels.h"

#include <algorithm>
#include <numeric>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define MINT_AVX512 __attribute__((target("avx512f")))

namespace mint::perception {
namespace {

constexpr int64_t kLanes = 16;
constexpr int64_t kBlock = 5;  // channels that share the loads of one pass
constexpr int64_t kGroup = 3;  // input channels of one pass over the weight gradient
constexpr int64_t kTaps = 9;
constexpr int64_t kRowsPerBand = 16;  // of x, between stores of the weight gradient

int64_t blocks(int64_t channels, int64_t block) {
  return (channels + block - 1) / block;
}

// Four phases of kBlock output channels at 16 columns: sums over all input channels. `x` points at
// (row, column) of channel 0 with `channel` floats to the next one.
struct Phases {
  __m512 even_even[kBlock], even_odd[kBlock], odd_even[kBlock], odd_odd[kBlock];
};

MINT_AVX512 inline __attribute__((always_inline)) void sum_phases(const float* x, int64_t stride,
                                                                  int64_t channel, int64_t in,
                                                                  const float* weight,
                                                                  Phases& sums) {
  for (int64_t c = 0; c < in; ++c) {
    const __m512 here = _mm512_loadu_ps(x), left = _mm512_loadu_ps(x - 1);
    const __m512 above = _mm512_loadu_ps(x - stride), corner = _mm512_loadu_ps(x - stride - 1);
#pragma GCC unroll 5
    for (int64_t o = 0; o < kBlock; ++o) {
      const float* w = weight + o * kTaps;
      const auto add = [&](__m512& sum, const __m512& value, int tap) MINT_AVX512 {
        sum = _mm512_fmadd_ps(value, _mm512_set1_ps(w[tap]), sum);
      };
      add(sums.even_even[o], here, 0);
      add(sums.even_odd[o], here, 1);
      add(sums.odd_even[o], here, 3);
      add(sums.odd_odd[o], here, 4);
      add(sums.even_even[o], left, 2);
      add(sums.odd_even[o], left, 5);
      add(sums.even_odd[o], above, 7);
      add(sums.even_even[o], above, 6);
      add(sums.even_even[o], corner, 8);
    }
    x += channel;
    weight += kBlock * kTaps;
  }
}

// Writes even and odd columns alternately: 32 floats, or the `count` that are left of the row.
MINT_AVX512 inline void store_interleaved(float* out, int64_t count, __m512 even, __m512 odd) {
  const __m512i low = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const __m512i high =
      _mm512_setr_epi32(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  const auto mask = [](int64_t n) {
    return static_cast<__mmask16>(n >= kLanes ? 0xffff : n <= 0 ? 0 : (1 << n) - 1);
  };
  _mm512_mask_storeu_ps(out, mask(count), _mm512_permutex2var_ps(even, low, odd));
  _mm512_mask_storeu_ps(out + kLanes, mask(count - kLanes),
                        _mm512_permutex2var_ps(even, high, odd));
}

// kBlock input channels at Vectors * 16 columns of one row: sums over all output channels and taps.
// `split` points at row 2i of channel 0 at the first column, even columns first.
template <int Vectors>
MINT_AVX512 void sum_taps(const float* split, int64_t stride, int64_t odd, int64_t channel,
                          int64_t out, const float* weight, __m512 (&sums)[kBlock][Vectors]) {
  for (int64_t o = 0; o < out; ++o) {
    for (int64_t a = 0; a < 3; ++a) {
      const float* row = split + a * stride;
      const float* taps[3] = {row, row + odd, row + 1};
#pragma GCC unroll 3
      for (int64_t b = 0; b < 3; ++b) {
        __m512 values[Vectors];
#pragma GCC unroll 3
        for (int v = 0; v < Vectors; ++v) values[v] = _mm512_loadu_ps(taps[b] + v * kLanes);
#pragma GCC unroll 5
        for (int64_t i = 0; i < kBlock; ++i) {
          const __m512 w = _mm512_set1_ps(weight[i]);
#pragma GCC unroll 3
          for (int v = 0; v < Vectors; ++v) {
            sums[i][v] = _mm512_fmadd_ps(values[v], w, sums[i][v]);
          }
        }
        weight += kBlock;
      }
    }
    split += channel;
  }
}

float sum_of_lanes(const float* lanes) {
  return std::accumulate(lanes, lanes + kLanes, 0.0f);
}

}  // namespace

bool has_upsampling_kernels() {
  return __builtin_cpu_supports("avx512f");
}

Upsampling::Upsampling(const UpsamplingShape& shape, const float* weight)
    : shape_(shape),
      vectors_(blocks(shape.width + 1, kLanes)),
      x_stride_((vectors_ + 1) * kLanes),
      split_stride_((2 * vectors_ + 1) * kLanes),
      out_blocks_(blocks(shape.out, kBlock)),
      in_blocks_(blocks(shape.in, kBlock)),
      in_groups_(blocks(shape.in, kGroup)) {
  forward_weight_.assign(static_cast<size_t>(out_blocks_ * shape.in * kBlock * kTaps), 0);
  backward_weight_.assign(static_cast<size_t>(in_blocks_ * shape.out * kBlock * kTaps), 0);
  for (int64_t c = 0; c < shape.in; ++c) {
    for (int64_t o = 0; o < shape.out; ++o) {
      for (int64_t tap = 0; tap < kTaps; ++tap) {
        const float w = weight[(c * shape.out + o) * kTaps + tap];
        const int64_t forward = ((o / kBlock * shape.in + c) * kBlock + o % kBlock) * kTaps + tap;
        const int64_t backward = ((c / kBlock * shape.out + o) * kTaps + tap) * kBlock + c % kBlock;
        forward_weight_[static_cast<size_t>(forward)] = w;
        backward_weight_[static_cast<size_t>(backward)] = w;
      }
    }
  }
  x_.assign(static_cast<size_t>(in_groups_ * kGroup * (shape.height + 2) * x_stride_), 0);
}

void Upsampling::pad(const float* x) {
  for (int64_t c = 0; c < shape_.in; ++c) {
    for (int64_t y = 0; y < shape_.height; ++y) {
      std::copy_n(x + (c * shape_.height + y) * shape_.width, shape_.width,
                  x_.data() + (c * (shape_.height + 2) + y + 1) * x_stride_ + kLanes);
    }
  }
}

MINT_AVX512 void Upsampling::forward(const float* x, const float* bias, float* y) {
  pad(x);
  const int64_t height = 2 * shape_.height + 1, width = 2 * shape_.width + 1;
  const int64_t channel = (shape_.height + 2) * x_stride_;
  for (int64_t i = 0; i <= shape_.height; ++i) {
    for (int64_t block = 0; block < out_blocks_; ++block) {
      const float* weight = forward_weight_.data() + block * shape_.in * kBlock * kTaps;
      const int64_t first = block * kBlock, count = std::min(kBlock, shape_.out - first);
      for (int64_t v = 0; v < vectors_; ++v) {
        Phases sums;
#pragma GCC unroll 5
        for (int64_t o = 0; o < kBlock; ++o) {
          const __m512 b = _mm512_set1_ps(o < count ? bias[first + o] : 0);
          sums.even_even[o] = sums.even_odd[o] = sums.odd_even[o] = sums.odd_odd[o] = b;
        }
        sum_phases(x_.data() + (i + 1) * x_stride_ + (v + 1) * kLanes, x_stride_, channel,
                   shape_.in, weight, sums);
        const int64_t left = width - 2 * v * kLanes;
#pragma GCC unroll 5
        for (int64_t o = 0; o < kBlock; ++o) {
          if (o >= count) continue;
          float* out = y + ((first + o) * height + 2 * i) * width + 2 * v * kLanes;
          store_interleaved(out, left, sums.even_even[o], sums.even_odd[o]);
          if (i < shape_.height) {
            store_interleaved(out + width, left, sums.odd_even[o], sums.odd_odd[o]);
          }
        }
      }
    }
  }
}

void Upsampling::backward(const float* x, const float* dy, float* dx) {
  if (split_.empty()) {
    const int64_t rows = shape_.out * (2 * shape_.height + 1);
    split_.assign(static_cast<size_t>(rows * split_stride_), 0);
    weight_gradient_.assign(static_cast<size_t>(shape_.out * in_groups_ * kGroup * kTaps * kLanes),
                            0);
    bias_gradient_.assign(static_cast<size_t>(shape_.out), 0);
  }
  pad(x);
  split_columns(dy);
  if (dx) input_gradient(dx);
  add_weight_gradient();
}

MINT_AVX512 void Upsampling::split_columns(const float* dy) {
  const int64_t height = 2 * shape_.height + 1, width = 2 * shape_.width + 1;
  const __m512i evens =
      _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  const __m512i odds = _mm512_add_epi32(evens, _mm512_set1_epi32(1));
  const auto mask = [](int64_t n) {
    return static_cast<__mmask16>(n >= kLanes ? 0xffff : n <= 0 ? 0 : (1 << n) - 1);
  };
  for (int64_t o = 0; o < shape_.out; ++o) {
    __m512 sum = _mm512_setzero_ps();
    for (int64_t y = 0; y < height; ++y) {
      const float* in = dy + (o * height + y) * width;
      float* even = split_.data() + (o * height + y) * split_stride_;
      float* odd = even + (vectors_ + 1) * kLanes;
      for (int64_t v = 0; v < vectors_; ++v) {
        const int64_t at = 2 * v * kLanes;
        const __m512 a = _mm512_maskz_loadu_ps(mask(width - at), in + at);
        const __m512 b = _mm512_maskz_loadu_ps(mask(width - at - kLanes), in + at + kLanes);
        sum = _mm512_add_ps(sum, _mm512_add_ps(a, b));
        _mm512_storeu_ps(even + v * kLanes, _mm512_permutex2var_ps(a, evens, b));
        _mm512_storeu_ps(odd + v * kLanes, _mm512_permutex2var_ps(a, odds, b));
      }
    }
    float lanes[kLanes];
    _mm512_storeu_ps(lanes, sum);
    bias_gradient_[static_cast<size_t>(o)] += sum_of_lanes(lanes);
  }
}

MINT_AVX512 void Upsampling::input_gradient(float* dx) const {
  const int64_t odd = (vectors_ + 1) * kLanes;
  const int64_t channel = (2 * shape_.height + 1) * split_stride_;
  const auto columns = [&](int64_t i, int64_t block, int64_t v, auto& sums) MINT_AVX512 {
    constexpr int kVectors = sizeof(sums[0]) / sizeof(__m512);
    for (auto& row : sums) {
      for (__m512& sum : row) sum = _mm512_setzero_ps();
    }
    sum_taps<kVectors>(split_.data() + 2 * i * split_stride_ + v * kLanes, split_stride_, odd,
                       channel, shape_.out,
                       backward_weight_.data() + block * shape_.out * kBlock * kTaps, sums);
    for (int64_t c = block * kBlock; c < std::min(shape_.in, (block + 1) * kBlock); ++c) {
      float* out = dx + (c * shape_.height + i) * shape_.width;
      for (int64_t part = 0; part < kVectors; ++part) {
        const int64_t at = (v + part) * kLanes, left = shape_.width - at;
        if (left <= 0) break;
        const auto mask = static_cast<__mmask16>(left >= kLanes ? 0xffff : (1 << left) - 1);
        _mm512_mask_storeu_ps(out + at, mask, sums[c - block * kBlock][part]);
      }
    }
  };
  const int64_t needed = blocks(shape_.width, kLanes);
  for (int64_t i = 0; i < shape_.height; ++i) {
    for (int64_t block = 0; block < in_blocks_; ++block) {
      for (int64_t v = 0; v < needed;) {
        if (needed - v >= 3) {
          __m512 sums[kBlock][3];
          columns(i, block, v, sums);
          v += 3;
        } else if (needed - v == 2) {
          __m512 sums[kBlock][2];
          columns(i, block, v, sums);
          v += 2;
        } else {
          __m512 sums[kBlock][1];
          columns(i, block, v, sums);
          v += 1;
        }
      }
    }
  }
}

MINT_AVX512 void Upsampling::add_weight_gradient() {
  const int64_t odd = (vectors_ + 1) * kLanes;
  const int64_t channel = (shape_.height + 2) * x_stride_;
  const int64_t out_channel = (2 * shape_.height + 1) * split_stride_;
  const int64_t needed = blocks(shape_.width, kLanes);
  for (int64_t first = 0; first < shape_.height; first += kRowsPerBand) {
    const int64_t last = std::min(first + kRowsPerBand, shape_.height);
    for (int64_t o = 0; o < shape_.out; ++o) {
      for (int64_t group = 0; group < in_groups_; ++group) {
        float* stored =
            weight_gradient_.data() + (o * in_groups_ + group) * kGroup * kTaps * kLanes;
        __m512 sums[kGroup * kTaps];
#pragma GCC unroll 27
        for (int64_t s = 0; s < kGroup * kTaps; ++s) sums[s] = _mm512_loadu_ps(stored + s * kLanes);
        for (int64_t i = first; i < last; ++i) {
          const float* x = x_.data() + group * kGroup * channel + (i + 1) * x_stride_ + kLanes;
          const float* dy = split_.data() + o * out_channel + 2 * i * split_stride_;
          for (int64_t v = 0; v < needed; ++v, x += kLanes, dy += kLanes) {
            const __m512 a = _mm512_loadu_ps(x), b = _mm512_loadu_ps(x + channel);
            const __m512 c = _mm512_loadu_ps(x + 2 * channel);
#pragma GCC unroll 9
            for (int64_t tap = 0; tap < kTaps; ++tap) {
              const int64_t column = tap % 3;
              const __m512 g =
                  _mm512_loadu_ps(dy + tap / 3 * split_stride_ + (column == 1 ? odd : column / 2));
              sums[tap] = _mm512_fmadd_ps(a, g, sums[tap]);
              sums[kTaps + tap] = _mm512_fmadd_ps(b, g, sums[kTaps + tap]);
              sums[2 * kTaps + tap] = _mm512_fmadd_ps(c, g, sums[2 * kTaps + tap]);
            }
          }
        }
#pragma GCC unroll 27
        for (int64_t s = 0; s < kGroup * kTaps; ++s) _mm512_storeu_ps(stored + s * kLanes, sums[s]);
      }
    }
  }
}

void Upsampling::parameter_gradients(float* d_weight, float* d_bias) const {
  for (int64_t o = 0; o < shape_.out; ++o) {
    d_bias[o] = static_cast<float>(bias_gradient_[static_cast<size_t>(o)]);
    for (int64_t c = 0; c < shape_.in; ++c) {
      for (int64_t tap = 0; tap < kTaps; ++tap) {
        const int64_t from = ((o * in_groups_ + c / kGroup) * kGroup + c % kGroup) * kTaps + tap;
        d_weight[(c * shape_.out + o) * kTaps + tap] =
            sum_of_lanes(weight_gradient_.data() + from * kLanes);
      }
    }
  }
}

}  // namespace mint::perception

#else

namespace mint::perception {

bool has_upsampling_kernels() {
  return false;
}
Upsampling::Upsampling(const UpsamplingShape&, const float*) {}
void Upsampling::forward(const float*, const float*, float*) {}
void Upsampling::backward(const float*, const float*, float*) {}
void Upsampling::parameter_gradients(float*, float*) const {}

}  // namespace mint::perception

#endif
