#include "perception/channel_norm.h"

#include <algorithm>

namespace mint::perception {

Moments moments_of(const ChannelSums& sums, double origin, double n) {
  const double offset = sums.first / n;
  return {n, origin + offset, std::max(sums.second - sums.first * offset, 0.0)};
}

Moments joined(const Moments& a, const Moments& b) {
  const double count = a.count + b.count;
  if (count == 0) return {};
  const double difference = b.mean - a.mean;
  return {count, a.mean + difference * b.count / count,
          a.deviation + b.deviation + difference * difference * a.count * b.count / count};
}

NormGradient::NormGradient(const ChannelNorm& norm, const ChannelSums& sums, double count,
                           bool uses_batch_statistics)
    : weight(norm.inverse_std * (sums.second - norm.mean * sums.first)), bias(sums.first) {
  if (!uses_batch_statistics) return;
  b = norm.inverse_std * weight / count;
  a = bias / count - b * norm.mean;
}

}  // namespace mint::perception
