// Settings of the MINT loss (spec 1 and 6); the defaults are those of MAGICAL.
#pragma once

#include <cstdint>

namespace mint::perception {

struct MintLossConfig {
  int64_t frames = 3;  // SF, frames per sequence, >= 2

  double sigma = 7;            // width of a Gaussian, pixels of the heatmap grid, > 0
  double tau = 0.2;            // heatmap threshold, in (0, 1)
  double eta = 3.5;            // heatmap scale, > 0
  double kappa = 0.9;          // share of the conditional entropy in the target information
  double movement_weight = 1;  // w_m, inside the transport loss
  double beta = 4;             // allowed sum of Gaussians at one pixel

  double masked_entropy_weight = 100;              // l_ME
  double masked_conditional_entropy_weight = 100;  // l_MCE
  double transport_weight = 20;                    // l_IT
  double overlap_weight = 30;                      // l_o
  double status_weight = 10;                       // l_s

  // false: the constant area of a heatmap on a pixel. true: as in the reference, the sum of the
  // batch's first heatmap, with its gradient (spec 6.4).
  bool first_heatmap_area = false;
};

}  // namespace mint::perception
