// A forward model on keypoints (paper Sec. 3, Task III; Appendix H): from the T frames t-T+1..t,
// where every keypoint is in the frames t+1..t+H.
//
// The prediction made at t is compared with frame t+h, and no frame after t enters it. (The paper's
// code compares it with frame t-h, which its window holds.) One interaction-network graph per
// window; all positions here are fractions of the image, x right, y down. Two forms:
//
//   displacement   node k = [index code, (x, y, s) of T frames, velocities] (keypoint_states.h),
//                  p_k(t+h) = p_k(t) + s_k(t) d_kh / 10,  d = decoder(network(nodes)),
//                  so d counts tenths of the image; inactive keypoints send no messages, stay
//                  where they are, and no other keypoint's prediction depends on them
//   paper          node k = [-1 + 2k/(K-1), (x, y, s) of T frames] with x, y in [-1, 1], not
//   masked,
//                  p_k(t+h) = (tanh(decoder) + 1) / 2; all keypoints send
//
// With actions the three choices of the action taken at t, one-hot (3 + 3 + 2 numbers), enter every
// node; H is then 1, and later frames come from unroll().
#pragma once

#include <cstdint>
#include <vector>

#include <torch/nn/module.h>
#include <torch/types.h>

#include "dynamics/interaction_network.h"
#include "dynamics/keypoint_decoder.h"
#include "dynamics/keypoint_predictor_config.h"

namespace mint::dynamics {

// N windows and the S = target_frames(config) frames after them.
struct PredictorSample {
  torch::Tensor xy;           // float [N, T, K, 2], oldest first
  torch::Tensor active;       // float [N, T, K] in {0, 1}
  torch::Tensor next_xy;      // float [N, S, K, 2], frames t+1..t+S
  torch::Tensor next_active;  // float [N, S, K]
  torch::Tensor actions;      // int64 [N, S], taken at t..t+S-1, 0..17; undefined without actions
};

struct PredictorLosses {
  torch::Tensor joint;     // of the H frames predicted at once
  torch::Tensor unrolled;  // of the chain of config.unroll steps; 0 without one
  torch::Tensor total;     // joint + unroll_weight * unrolled
};

class KeypointPredictor : public torch::nn::Module {
 public:
  // Weights depend on `seed` alone. Throws std::invalid_argument for a config value outside of its
  // range.
  KeypointPredictor(const KeypointPredictorConfig& config, uint64_t seed);

  // xy [N, T, K, 2], active [N, T, K] and, only with actions, the action taken at the newest frame
  // [N] -> [N, K, H, 2]. Predictions may leave the image. Computed window by window, so that a row
  // does not depend on how many there are. Throws std::invalid_argument for other shapes and for
  // an action that there is not.
  torch::Tensor predict(const torch::Tensor& xy, const torch::Tensor& active,
                        const torch::Tensor& actions = {});

  // Feeds its own one-step predictions back `steps` times, every keypoint's activity as in the
  // newest frame: the frames t+1..t+steps, [N, steps, K, 2]. `actions` [N, steps] are those taken
  // at t..t+steps-1. Throws as predict().
  torch::Tensor unroll(const torch::Tensor& xy, const torch::Tensor& active, int64_t steps,
                       const torch::Tensor& actions = {});

  // Smooth L1 losses, e^2 / 2b up to |e| = b = config.linear_beyond and |e| - b/2 beyond (Huber's
  // where b is 1), between predicted and observed positions, all windows as one batch.
  //   displacement: lengths in tenths of the image (the scale of d), mean over the keypoints that
  //     are active at t and in the frame predicted, over all horizons.
  //   paper: lengths in half images, mean over all keypoints, sum over horizons.
  PredictorLosses losses(const PredictorSample& sample);

  const KeypointPredictorConfig& config() const { return config_; }

 private:
  // predict() and unroll() as one batch, unchecked. `first` [N, K, 2] is the chain's first step
  // where it is known already.
  torch::Tensor forward(const torch::Tensor& xy, const torch::Tensor& active,
                        const torch::Tensor& actions);
  torch::Tensor chain(const torch::Tensor& xy, const torch::Tensor& active, int64_t steps,
                      const torch::Tensor& actions, const torch::Tensor& first = {});
  // Predictions [N, F, K, 2] of the first F frames after the windows.
  torch::Tensor loss_of(const torch::Tensor& predictions, const PredictorSample& sample) const;

  void check_window(const char* where, const torch::Tensor& xy, const torch::Tensor& active) const;
  void check_actions(const char* where, const torch::Tensor& actions,
                     const std::vector<int64_t>& shape) const;  // [N, ...]

  KeypointPredictorConfig config_;
  bool is_paper_;
  torch::Tensor index_code_;  // [K, 1] in [-1, 1], or learned [K, index_embedding]
  InteractionNetwork network_{nullptr};
  KeypointDecoder decoder_{nullptr};
};

}  // namespace mint::dynamics
