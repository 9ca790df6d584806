#include "perception/soft_argmax.h"

#include <cmath>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/perception/plain_soft_argmax.h"

namespace mint::perception {
namespace {

using tests::plain_soft_argmax;
using torch::Tensor;

TEST(SoftArgmax, AConstantMapPointsAtTheCentreOfTheGrid) {
  const SoftArgmax found = soft_argmax(torch::zeros({1, 1, 3, 5}, torch::kDouble));

  EXPECT_NEAR(found.coords[0][0][0].item<double>(), 0.4, 1e-8);      // (5 - 1) / (2 * 5)
  EXPECT_NEAR(found.coords[0][0][1].item<double>(), 1.0 / 3, 1e-8);  // (3 - 1) / (2 * 3)
  EXPECT_NEAR(found.activation[0][0].item<double>(), std::log(2.0), 1e-12);
}

TEST(SoftArgmax, AHighPeakIsFoundAsAFractionOfTheGrid) {
  Tensor u = torch::zeros({1, 1, 4, 10}, torch::kFloat);
  u[0][0][1][7] = 30;

  const SoftArgmax found = soft_argmax(u);

  EXPECT_NEAR(found.coords[0][0][0].item<float>(), 0.7f, 1e-6f);
  EXPECT_NEAR(found.coords[0][0][1].item<float>(), 0.25f, 1e-6f);
  EXPECT_FLOAT_EQ(found.activation[0][0].item<float>(), 30);
}

TEST(SoftArgmax, AgreesWithThePlainForm) {
  torch::manual_seed(3);
  const Tensor u = torch::randn({2, 3, 9, 37}, torch::kDouble) * 6;
  const SoftArgmax expected = plain_soft_argmax(u);

  for (const auto type : {torch::kDouble, torch::kFloat}) {
    const SoftArgmax found = soft_argmax(u.to(type));
    const double tolerance = type == torch::kDouble ? 1e-7 : 2e-6;  // the reference's epsilon: 1e-8
    EXPECT_TRUE(torch::allclose(found.coords.to(torch::kDouble), expected.coords, 0, tolerance));
    EXPECT_TRUE(torch::allclose(found.activation.to(torch::kDouble), expected.activation, 1e-6));
  }
}

TEST(SoftArgmax, GradientAgreesWithFiniteDifferences) {
  torch::manual_seed(4);
  Tensor u = (torch::randn({1, 2, 4, 5}, torch::kDouble) * 3).requires_grad_();
  const Tensor by_coords = torch::randn({1, 2, 2}, torch::kDouble);
  const Tensor by_activation = torch::randn({1, 2}, torch::kDouble);
  const auto value = [&](const Tensor& at) {
    const SoftArgmax found = soft_argmax(at);
    return (found.coords * by_coords).sum() + (found.activation * by_activation).sum();
  };

  value(u).backward();

  const double step = 1e-6;
  for (int64_t i = 0; i < u.numel(); ++i) {
    const Tensor high = u.detach().clone(), low = u.detach().clone();
    high.flatten()[i] += step;
    low.flatten()[i] -= step;
    const double slope = (value(high) - value(low)).item<double>() / (2 * step);
    EXPECT_NEAR(u.grad().flatten()[i].item<double>(), slope, 1e-8) << i;
  }
}

TEST(SoftArgmax, ATiedMaximumSharesItsGradientEvenly) {
  Tensor u = torch::zeros({1, 1, 2, 2}, torch::kDouble);
  u[0][0][0][0] = u[0][0][1][1] = 30;  // sigmoid(30) is 1 within 1e-13
  u.requires_grad_();

  soft_argmax(u).activation.sum().backward();

  EXPECT_NEAR(u.grad()[0][0][0][0].item<double>(), 0.5, 1e-9);
  EXPECT_NEAR(u.grad()[0][0][1][1].item<double>(), 0.5, 1e-9);
  EXPECT_EQ(u.grad()[0][0][0][1].item<double>(), 0);
}

TEST(SoftArgmax, StaysFiniteForExtremeMaps) {
  for (const double level : {-1e4, -100.0, 100.0, 1e4}) {
    Tensor u = torch::full({1, 1, 5, 20}, level, torch::kFloat).requires_grad_();
    const SoftArgmax found = soft_argmax(u);
    (found.coords.sum() + found.activation.sum()).backward();

    EXPECT_TRUE(torch::isfinite(found.coords).all().item<bool>()) << level;
    EXPECT_TRUE(torch::isfinite(u.grad()).all().item<bool>()) << level;
    EXPECT_NEAR(found.coords[0][0][0].item<float>(), 0.475f, 1e-5f) << level;
  }
}

TEST(SoftArgmax, RejectsOtherShapes) {
  EXPECT_THROW(soft_argmax(torch::zeros({3, 4, 5})), std::invalid_argument);
  EXPECT_THROW(soft_argmax(torch::zeros({1, 1, 3, 3}, torch::kInt)), std::invalid_argument);
}

TEST(KeypointStatus, SwitchesAtGamma) {
  const Tensor status = keypoint_status(torch::tensor({9.9, 10.0, 10.001, 10.1}), 10);

  EXPECT_LT(status[0].item<double>(), 1e-9);
  EXPECT_NEAR(status[1].item<double>(), 0.5, 1e-9);
  EXPECT_NEAR(status[2].item<double>(), 0.7310585786, 1e-3);  // sigmoid(1), in float32 arithmetic
  EXPECT_NEAR(status[3].item<double>(), 1, 1e-9);
}

}  // namespace
}  // namespace mint::perception
