// The entropy of samples by its definition, a kernel histogram in double precision, with its
// gradient (spec 5.5, 5.7): the reference that the closed form of entropy_kernels.h is checked by,
// valid for any bandwidth and for samples that are not integers.
#pragma once

#include <vector>

namespace mint::perception {

struct KdeEntropy {
  double entropy = 0;            // nats; can exceed ln 256 at large bandwidths
  std::vector<double> gradient;  // with respect to every sample
};

// samples on the scale 0..255, bins 0..255; bandwidth B > 0, bin size L = 1/256 as in the
// reference. Throws std::invalid_argument for no samples or a bandwidth that is not positive.
KdeEntropy kde_entropy(const std::vector<double>& samples, double bandwidth);

}  // namespace mint::perception
