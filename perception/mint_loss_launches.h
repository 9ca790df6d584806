// The MINT loss in its window form (spec 6.7), value and gradient: which programs of thread blocks
// (perception/thread_block.h) run on what. Float or double, no torch. The CPU's passes are those of
// mint_loss_windows.h; a pixel is the same arithmetic.
//
// A block per keypoint for the windows, a block per frame for what its keypoints share.
#pragma once

#include "perception/mint_loss_arithmetic.h"
#include "perception/mint_loss_frames.h"
#include "perception/mint_loss_spots.h"
#include "perception/mint_loss_workspace.h"
#include "perception/thread_block.h"

namespace mint::perception {

// The whole loss as mint_loss_kernel has it (perception/mint_loss_kernels.h); `launch` as in
// perception/network_launches.h.
template <typename Launch, typename T>
void launch_mint_loss(const Launch& launch, const MintLossConfig& config,
                      const MintLossBatch<T>& batch, const MintLossWorkspace<T>& work, T* terms,
                      T* grad_coords, T* grad_status) {
  const MintLossProgram<T> in{config, batch, work};
  const HeatmapShape<T> shape(config);
  launch(in.spots(), PlaceSpots<T>{in, static_cast<T>(1 / (config.sigma * config.sigma)),
                                   heatmap_radius(config)});
  launch(1, MeasureArea<T>{in, shape, heatmap_area(config)});
  launch(batch.images, MeasureFrames<T>{in, shape});
  launch(in.spots(), SumWindows<T>{in, shape});
  launch(blocks_for(batch.images), WriteTerms<T>{in, terms});
  launch(blocks_for(in.spots()), WriteGradients<T>{in, grad_coords, grad_status});
}

}  // namespace mint::perception
