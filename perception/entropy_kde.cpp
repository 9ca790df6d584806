#include "perception/entropy_kde.h"

#include <cmath>
#include <stdexcept>
#include <string>

namespace mint::perception {
namespace {

constexpr int kBins = 256;
constexpr double kHalfBin = 1.0 / 256 / 2;  // L / 2

double sigmoid(double z) {
  return z >= 0 ? 1 / (1 + std::exp(-z)) : std::exp(z) / (1 + std::exp(z));
}

// Symmetric in d; on the negative side the difference of two sigmoids near 1 loses no digits.
double kernel(double d, double bandwidth) {
  const double left = -std::abs(d);
  return sigmoid((left + kHalfBin) / bandwidth) - sigmoid((left - kHalfBin) / bandwidth);
}

double kernel_slope(double d, double bandwidth) {
  const auto slope = [](double z) { return sigmoid(z) * sigmoid(-z); };
  return (slope((d + kHalfBin) / bandwidth) - slope((d - kHalfBin) / bandwidth)) / bandwidth;
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
  const double scale = 1 / (static_cast<double>(samples.size()) * kernel(0, bandwidth));
  KdeEntropy result;
  double phi[kBins];
  for (int b = 0; b < kBins; ++b) {
    double p = 0;
    for (const double v : samples) p += kernel(v - b, bandwidth);
    p *= scale;
    result.entropy -= p * std::log(p + 1e-8);
    phi[b] = -(std::log(p + 1e-8) + p / (p + 1e-8));
  }
  for (const double v : samples) {
    double slope = 0;
    for (int b = 0; b < kBins; ++b) slope += phi[b] * kernel_slope(v - b, bandwidth);
    result.gradient.push_back(scale * slope);
  }
  return result;
}

}  // namespace mint::perception
