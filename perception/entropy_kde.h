// The entropy of samples by its definition, a kernel histogram, with its gradient (spec 5.5, 5.7):
// the reference that the closed form of entropy_kernels.h is checked by, valid for any bandwidth
// and for samples that are not integers. No torch; kde_entropy_images is the layer.
#pragma once

#include <vector>

#include "perception/entropy_kde_arithmetic.h"

namespace mint::perception {

struct KdeEntropy {
  double entropy = 0;            // nats; can exceed ln 256 at large bandwidths
  std::vector<double> gradient;  // with respect to every sample
};

// samples on the scale 0..255, bins 0..255; bandwidth B > 0, bin size L = 1/256 as in the
// reference. Throws std::invalid_argument for no samples or a bandwidth that is not positive.
KdeEntropy kde_entropy(const std::vector<double>& samples, double bandwidth);

// image [C, H, W] -> entropy [H, W] of the region around every pixel, 0 on a ring of (R-1)/2.
// T is float or double. REQUIRES: bandwidth > 0.
template <typename T>
void kde_region_entropies(const T* image, const KdeShape& shape, T bandwidth, T* entropy);

// gradient: of the entropy [H, W] -> of the image [C, H, W], summed over the regions that contain
// a pixel.
template <typename T>
void kde_region_gradient(const T* image, const KdeShape& shape, T bandwidth, const T* gradient,
                         T* image_gradient);

}  // namespace mint::perception
