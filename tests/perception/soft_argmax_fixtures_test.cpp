#include "perception/soft_argmax.h"

#include "tests/perception/fixture_tensors.h"

namespace mint::perception {
namespace {

using torch::Tensor;

TEST(SoftArgmaxFixtures, AgreesWithTheReferenceInBothPrecisions) {
  MINT_FIXTURES(folder, "mint/softargmax");
  const Tensor coords = tests::load_tensor(folder / "coords.npy");
  const Tensor activation = tests::load_tensor(folder / "activation.npy");
  const Tensor weight_coords = tests::load_tensor(folder / "grad_out_coords.npy");
  const Tensor weight_activation = tests::load_tensor(folder / "grad_out_activation.npy");
  const Tensor gradient = tests::load_tensor(folder / "grad_pre_softplus.npy");

  for (const auto type : {torch::kDouble, torch::kFloat}) {
    const double tolerance = type == torch::kDouble ? 1e-12 : 2e-6;
    Tensor u = tests::load_tensor(folder / "pre_softplus.npy").to(type).requires_grad_();
    const SoftArgmax found = soft_argmax(u);
    (found.coords * weight_coords.to(type)).sum().backward({}, /*retain_graph=*/true);
    (found.activation * weight_activation.to(type)).sum().backward();

    EXPECT_LT(tests::largest_error(found.coords, coords), tolerance) << type;
    EXPECT_LT(tests::relative_error(found.activation, activation), tolerance) << type;
    EXPECT_LT(tests::relative_error(u.grad(), gradient), tolerance) << type;
  }
  const Tensor status = keypoint_status(activation, 10);
  if (std::filesystem::exists(folder / "status_gamma10.npy")) {
    EXPECT_LT(tests::largest_error(status, tests::load_tensor(folder / "status_gamma10.npy")),
              1e-12);
  }
  tests::report_cases("soft-argmax maps", static_cast<size_t>(coords.numel() / 2));
}

}  // namespace
}  // namespace mint::perception
