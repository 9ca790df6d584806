#include "perception/leaky_batch_norm.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace mint::perception {
namespace {

using torch::Tensor;

constexpr double kSlope = 0.01;

torch::nn::BatchNorm2d random_norm(int64_t channels) {
  torch::nn::BatchNorm2d norm(channels);
  norm->to(torch::kDouble);
  const torch::NoGradGuard no_grad;
  norm->weight.normal_();
  norm->bias.normal_();
  norm->running_mean.normal_();
  norm->running_var.uniform_(0.5, 2);
  return norm;
}

torch::nn::BatchNorm2d copy_of(const torch::nn::BatchNorm2d& norm) {
  return std::dynamic_pointer_cast<torch::nn::BatchNorm2dImpl>(norm->clone());
}

Tensor random_maps() {
  return torch::randn({4, 3, 5, 21}, torch::kDouble) * 3 + 0.5;
}

void expect_close(const Tensor& found, const Tensor& expected, const char* what) {
  EXPECT_TRUE(torch::allclose(found, expected, 1e-9, 1e-11)) << what;
}

class LeakyBatchNormModes : public testing::TestWithParam<bool> {
 protected:
  LeakyBatchNormModes() {
    torch::manual_seed(5);
    ours_ = random_norm(3);
    library_ = copy_of(ours_);
    ours_->train(GetParam());
    library_->train(GetParam());
    x_ours_ = random_maps().requires_grad_();
    x_library_ = x_ours_.detach().clone().requires_grad_();
  }

  void compare_gradients_and_statistics() {
    expect_close(x_ours_.grad(), x_library_.grad(), "gradient of x");
    expect_close(ours_->weight.grad(), library_->weight.grad(), "gradient of weight");
    expect_close(ours_->bias.grad(), library_->bias.grad(), "gradient of bias");
    expect_close(ours_->running_mean, library_->running_mean, "running mean");
    expect_close(ours_->running_var, library_->running_var, "running variance");
    EXPECT_TRUE(torch::equal(ours_->num_batches_tracked, library_->num_batches_tracked));
  }

  torch::nn::BatchNorm2d ours_{nullptr}, library_{nullptr};
  Tensor x_ours_, x_library_;
};

TEST_P(LeakyBatchNormModes, AgreeWithTheLibrary) {
  const Tensor y_ours = leaky_batch_norm(x_ours_, *ours_, kSlope);
  const Tensor y_library = library_(torch::leaky_relu(x_library_, kSlope));
  const Tensor weight = torch::randn_like(y_library);
  (y_ours * weight).sum().backward();
  (y_library * weight).sum().backward();

  expect_close(y_ours, y_library, "output");
  compare_gradients_and_statistics();
}

INSTANTIATE_TEST_SUITE_P(Modes, LeakyBatchNormModes, testing::Bool(), [](const auto& info) {
  return info.param ? std::string("Training") : std::string("Evaluation");
});

TEST(LeakyBatchNorm, WithoutMomentumTheRunningStatisticsAreThePlainAverage) {
  torch::nn::BatchNorm2d norm(1);
  norm->to(torch::kDouble);
  norm->options.momentum(torch::nullopt);
  const auto batch = [](double low, double high) {
    return torch::tensor({low, high}, torch::kDouble).reshape({2, 1, 1, 1});
  };

  leaky_batch_norm(batch(1, 3), *norm, kSlope);  // mean 2, unbiased variance 2
  leaky_batch_norm(batch(2, 8), *norm, kSlope);  // mean 5, unbiased variance 18

  EXPECT_NEAR(norm->running_mean.item<double>(), 3.5, 1e-12);
  EXPECT_NEAR(norm->running_var.item<double>(), 10, 1e-12);
}

TEST(LeakyBatchNorm, RejectsAnotherNumberOfChannels) {
  torch::nn::BatchNorm2d norm(3);
  EXPECT_THROW(leaky_batch_norm(torch::zeros({1, 2, 4, 4}), *norm, kSlope), std::invalid_argument);
}

}  // namespace
}  // namespace mint::perception
