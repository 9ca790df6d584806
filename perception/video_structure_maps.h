// From heatmaps to keypoints with intensities, their Gaussian maps and the losses of Video
// Structure (Minderer et al. 2019; spec keypoint_baselines 3.1, 3.3, 3.5). Free of weights; any
// floating dtype. B windows, T frames, K keypoints, grids of h x w cells.
#pragma once

#include <torch/types.h>

namespace mint::perception {

// Small constants of the keypoint formula, which keep it finite for empty heatmaps.
struct StructureGuards {
  double cell = 1e-10;       // added to every cell
  double sum = 1e-8;         // to the sum of a heatmap
  double intensity = 1e-10;  // to the largest mean of a frame
};

struct StructureKeypoints {
  torch::Tensor xy;         // [.., K, 2], as in perception/keypoint_grid.h
  torch::Tensor intensity;  // [.., K], in [0, 1]
};

// heatmaps [.., K, h, w], not negative. The intensity of a keypoint is the mean of its heatmap
// divided by the largest mean of the frame, so that the strongest keypoint has 1. With
// `self_normalised` it is divided by itself, a defect of the program that the paper compared with:
// then all keypoints have 1 except those whose heatmap has vanished.
StructureKeypoints structure_keypoints(const torch::Tensor& heatmaps, const StructureGuards& guards,
                                       bool self_normalised = false);

// [.., K, h, w]: Gaussians of peak `intensity`, sigma 1.5 / w along x and 1.5 / h along y in
// keypoint coordinates, three quarters of a cell.
torch::Tensor structure_maps(const StructureKeypoints& keypoints, int64_t height, int64_t width);

// xy [B, T, K, 2] -> scalar in [0, 1]: how alike the keypoints move, each measured from its mean
// over the window. 0 for a single keypoint.
torch::Tensor separation_loss(const torch::Tensor& xy, double sigma);

// Both [B, T, 3, H, W] -> half the squared error of a frame, averaged over the frames.
torch::Tensor structure_reconstruction_loss(const torch::Tensor& reconstruction,
                                            const torch::Tensor& frames);

// heatmaps [.., h, w] -> mean over the maps of |mean over the cells|.
torch::Tensor sparsity_loss(const torch::Tensor& heatmaps);

}  // namespace mint::perception
