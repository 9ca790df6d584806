// The MINT loss (spec 6) on keypoints and cached entropy images: how much of the local entropy the
// keypoints cover in a frame and carry from frame to frame.
//
// Computed in the window form (spec 6.7): value and gradient in one pass over the pixels near the
// keypoints, without a tensor of size K x HH x WW. The plain form is in tests/perception.
#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <torch/types.h>

#include "perception/mint_loss_config.h"

namespace mint::perception {

// Columns of MintLoss::terms. reconstruction and movement make up transport; total is the weighted
// sum of the frame (spec 6.6).
inline constexpr int64_t kMintLossTerms = 8;
inline constexpr std::array<const char*, kMintLossTerms> kMintLossTermNames = {
    "masked_entropy", "masked_conditional_entropy",
    "reconstruction", "movement",
    "transport",      "status",
    "overlap",        "total"};

struct MintLoss {
  torch::Tensor total;  // scalar; differentiable with respect to coords and status
  torch::Tensor terms;  // [N, 8], per frame, unweighted except total; no gradient
};

// coords [N, K, 2] and status [N, K] as of MintDetector::train_forward, N = S * config.frames with
// the frames of a sequence in order; entropy [N, HH, WW], no gradient. float32 or float64, on the
// CPU; entropy may be float32 in both cases. Throws std::invalid_argument for shapes or settings.
MintLoss mint_loss(const torch::Tensor& coords, const torch::Tensor& status,
                   const torch::Tensor& entropy, const MintLossConfig& config);

// Means over the frames, in the order of kMintLossTermNames.
std::vector<std::pair<std::string, double>> mean_terms(const MintLoss& loss);

}  // namespace mint::perception
