// The programs that a GPU runs for the MINT loss, on the CPU, against the loss of the CPU.
#include "perception/mint_loss_launches.h"

#include <cmath>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "perception/mint_loss_kernels.h"
#include "tests/perception/serial_blocks.h"

namespace mint::perception {
namespace {

using tests::SerialLaunch;
using torch::Tensor;

struct LossScene {
  MintLossConfig config;
  Tensor coords, status, entropy;  // double
};

// Keypoints near, far, on top of each other, at rest and beyond the border; equal frames.
LossScene loss_scene(int64_t frames, int64_t keypoints, int64_t height, int64_t width) {
  torch::manual_seed(height + keypoints);
  LossScene scene;
  scene.config.frames = frames;
  scene.config.sigma = 4;
  scene.config.beta = 1.2;
  const int64_t N = 2 * frames;
  scene.coords = torch::rand({N, keypoints, 2}, torch::kDouble);
  scene.status = torch::rand({N, keypoints}, torch::kDouble);
  scene.entropy = torch::relu(torch::randn({N, height, width}, torch::kDouble));
  scene.entropy[1] = scene.entropy[0];
  if (keypoints >= 4) {
    scene.coords.select(1, 1) = scene.coords.select(1, 0) + 0.05;
    scene.coords.select(1, 2) = scene.coords.select(1, 2) * 0.2 - 0.1;
    scene.coords[1][3] = scene.coords[0][3];
  }
  return scene;
}

struct LossOutputs {
  Tensor terms, grad_coords, grad_status;
};

template <typename T>
struct TypedLossScene {
  explicit TypedLossScene(const LossScene& scene)
      : coords(scene.coords.to(type)),
        status(scene.status.to(type)),
        entropy(scene.entropy.to(type)) {
    batch = {coords.size(0),        coords.size(1),       entropy.size(1),     entropy.size(2),
             entropy.data_ptr<T>(), coords.data_ptr<T>(), status.data_ptr<T>()};
  }
  LossOutputs outputs() const {
    return {torch::full({batch.images, kFrameTerms}, NAN, type), torch::full_like(coords, NAN),
            torch::full_like(status, NAN)};
  }

  torch::ScalarType type = torch::CppTypeToScalarType<T>::value;
  Tensor coords, status, entropy;
  MintLossBatch<T> batch;
};

template <typename T>
LossOutputs loss_of_kernels(const LossScene& scene) {
  const TypedLossScene<T> typed(scene);
  const LossOutputs out = typed.outputs();
  mint_loss_kernel(scene.config, typed.batch, out.terms.data_ptr<T>(),
                   out.grad_coords.data_ptr<T>(), out.grad_status.data_ptr<T>());
  return out;
}

template <typename T>
LossOutputs loss_of_programs(const LossScene& scene, bool is_backwards) {
  const TypedLossScene<T> typed(scene);
  const LossOutputs out = typed.outputs();
  // Exactly as much memory as is asked for: the sanitizers see what goes beyond it.
  const std::unique_ptr<char[]> memory(new char[size_t(MintLossWorkspace<T>::bytes(typed.batch))]);
  launch_mint_loss(SerialLaunch{is_backwards}, scene.config, typed.batch,
                   MintLossWorkspace<T>(typed.batch, memory.get()), out.terms.data_ptr<T>(),
                   out.grad_coords.data_ptr<T>(), out.grad_status.data_ptr<T>());
  return out;
}

void expect_near_outputs(const LossOutputs& found, const LossOutputs& expected, double tolerance) {
  const auto expect_near = [&](Tensor LossOutputs::*member, const char* what) {
    const Tensor difference = (found.*member).to(torch::kDouble) - expected.*member;
    const double scale = (expected.*member).abs().max().item<double>();
    EXPECT_LE(difference.abs().max().item<double>(), tolerance * scale) << what;
  };
  expect_near(&LossOutputs::terms, "terms");
  expect_near(&LossOutputs::grad_coords, "gradient of the coordinates");
  expect_near(&LossOutputs::grad_status, "gradient of the status");
}

template <typename T>
void expect_kernels_loss(const LossScene& scene, double tolerance) {
  const LossOutputs exact = loss_of_kernels<double>(scene);
  const LossOutputs found = loss_of_programs<T>(scene, /*is_backwards=*/false);
  const LossOutputs backwards = loss_of_programs<T>(scene, /*is_backwards=*/true);

  expect_near_outputs(found, exact, tolerance);
  EXPECT_TRUE(torch::equal(backwards.terms, found.terms));
  EXPECT_TRUE(torch::equal(backwards.grad_coords, found.grad_coords));
  EXPECT_TRUE(torch::equal(backwards.grad_status, found.grad_status));
}

void compare_loss_with_kernels(const LossScene& scene, const std::string& what) {
  SCOPED_TRACE(what);
  expect_kernels_loss<double>(scene, 1e-12);
  expect_kernels_loss<float>(scene, 2e-5);
}

TEST(MintLossPrograms, AgreeWithTheKernelsOfTheCpu) {
  compare_loss_with_kernels(loss_scene(2, 4, 21, 30), "2 frames");
  compare_loss_with_kernels(loss_scene(3, 7, 33, 18), "3 frames");
  compare_loss_with_kernels(loss_scene(4, 1, 9, 9), "one keypoint");
  compare_loss_with_kernels(loss_scene(2, 5, 3, 5), "a grid smaller than a window");
}

TEST(MintLossPrograms, AgreeForTheSettingsOfMagical) {
  LossScene scene = loss_scene(3, 25, 135, 135);
  scene.config = MintLossConfig{};
  compare_loss_with_kernels(scene, "nowhere as high as beta");
  scene.coords = scene.coords * 0.1 + 0.4;  // close together: beta is exceeded
  compare_loss_with_kernels(scene, "beta exceeded");
}

TEST(MintLossPrograms, AgreeForOtherSettings) {
  LossScene scene = loss_scene(3, 4, 21, 30);
  scene.config.first_heatmap_area = true;
  compare_loss_with_kernels(scene, "area of the first heatmap");
  scene.config.kappa = 1.3;
  compare_loss_with_kernels(scene, "kappa above 1");
}

// Two keypoints that mirror each other beside their pixels: the sum of Gaussians has two equal
// maxima, each with a gradient.
TEST(MintLossPrograms, SpreadATiedOverlapOverItsPixels) {
  LossScene scene = loss_scene(2, 2, 16, 16);
  scene.config.beta = 0.5;
  scene.coords.select(1, 0).fill_(4.25 / 16);
  scene.coords.select(1, 1).fill_(10.75 / 16);
  compare_loss_with_kernels(scene, "two maxima");
}

}  // namespace
}  // namespace mint::perception
