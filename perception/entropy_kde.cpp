#include "perception/entropy_kde.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace mint::perception {
namespace {

// value(y, x) into out [H, W].
template <typename T, typename Value>
void for_each_pixel(const KdeShape& shape, T* out, const Value& value) {
  for (int64_t y = 0; y < shape.height; ++y) {
    for (int64_t x = 0; x < shape.width; ++x) value(y, x, out[y * shape.width + x]);
  }
}

template <typename T>
void fill_density(const T* image, const KdeShape& shape, int64_t bin, T bandwidth, T* density) {
  for (int64_t i = 0; i < shape.height * shape.width; ++i) {
    density[i] = kde_density(image, shape, i, bin, bandwidth);
  }
}

template <typename T>
T scale_of(const KdeShape& shape, T bandwidth) {
  return kde_scale(shape.channels * shape.region * shape.region, bandwidth);
}

}  // namespace

KdeEntropy kde_entropy(const std::vector<double>& samples, double bandwidth) {
  if (samples.empty()) {
    throw std::invalid_argument("kde_entropy: samples: expected at least one, got none");
  }
  if (!(bandwidth > 0)) {
    throw std::invalid_argument("kde_entropy: bandwidth: expected a positive number, got " +
                                std::to_string(bandwidth));
  }
  const double scale = kde_scale(static_cast<int64_t>(samples.size()), bandwidth);
  KdeEntropy result;
  double phi[kKdeBins];
  for (int b = 0; b < kKdeBins; ++b) {
    double p = 0;
    for (const double v : samples) p += kde_kernel(v - b, bandwidth);
    p *= scale;
    result.entropy += kde_term(p);
    phi[b] = kde_term_slope(p);
  }
  for (const double v : samples) {
    double slope = 0;
    for (int b = 0; b < kKdeBins; ++b) slope += phi[b] * kde_slope(v - b, bandwidth);
    result.gradient.push_back(scale * slope);
  }
  return result;
}

template <typename T>
void kde_region_entropies(const T* image, const KdeShape& shape, T bandwidth, T* entropy) {
  const int64_t pixels = shape.height * shape.width;
  const T scale = scale_of(shape, bandwidth);
  std::vector<T> density(static_cast<size_t>(pixels));
  std::fill(entropy, entropy + pixels, T(0));
  for (int64_t bin = 0; bin < kKdeBins; ++bin) {
    fill_density(image, shape, bin, bandwidth, density.data());
    for_each_pixel(shape, entropy, [&](int64_t y, int64_t x, T& out) {
      out += kde_entropy_of_bin(density.data(), shape, scale, y, x);
    });
  }
}

template <typename T>
void kde_region_gradient(const T* image, const KdeShape& shape, T bandwidth, const T* gradient,
                         T* image_gradient) {
  const int64_t pixels = shape.height * shape.width;
  const T scale = scale_of(shape, bandwidth);
  std::vector<T> density(static_cast<size_t>(pixels)), weight(density.size());
  std::fill(image_gradient, image_gradient + shape.channels * pixels, T(0));
  for (int64_t bin = 0; bin < kKdeBins; ++bin) {
    fill_density(image, shape, bin, bandwidth, density.data());
    for_each_pixel(shape, weight.data(), [&](int64_t y, int64_t x, T& out) {
      const T of_pixel = gradient[y * shape.width + x];
      out = kde_weight_of_bin(density.data(), shape, scale, of_pixel, y, x);
    });
    for (int64_t c = 0; c < shape.channels; ++c) {
      const T* channel = image + c * pixels;
      for_each_pixel(shape, image_gradient + c * pixels, [&](int64_t y, int64_t x, T& out) {
        const T v = channel[y * shape.width + x];
        out += kde_gradient_of_bin(v, weight.data(), shape, bin, bandwidth, y, x);
      });
    }
  }
}

template void kde_region_entropies(const float*, const KdeShape&, float, float*);
template void kde_region_entropies(const double*, const KdeShape&, double, double*);
template void kde_region_gradient(const float*, const KdeShape&, float, const float*, float*);
template void kde_region_gradient(const double*, const KdeShape&, double, const double*, double*);

}  // namespace mint::perception
