#include "perception/heatmaps.h"

#include "perception/mint_loss_kernels.h"
#include "tests/perception/fixture_tensors.h"

namespace mint::perception {
namespace {

using torch::Tensor;

TEST(HeatmapsFixtures, AgreeOnBothGridsAndAtTheBorders) {
  MINT_FIXTURES(folder, "mint/heatmaps");
  size_t cases = 0;
  for (const auto& entry : tests::read_json(folder / "params.json")) {
    const std::string name = entry.at("name");
    SCOPED_TRACE(name);
    const HeatmapGrid grid{entry.at("height"), entry.at("width")};
    const Tensor coords = tests::load_tensor(folder / (name + "_coords.npy"));
    const Tensor expected_g = tests::load_tensor(folder / (name + "_gaussians.npy"));
    const Tensor expected_h = tests::load_tensor(folder / (name + "_heatmaps.npy"));

    const Tensor g = gaussians(coords, grid, entry.at("sigma"));
    const Tensor h = heatmaps(g, entry.at("tau"), entry.at("eta"));

    EXPECT_LT(tests::largest_error(g, expected_g), 1e-6);
    EXPECT_LT(tests::largest_error(h, expected_h), 1e-6);
    std::vector<double> areas;
    for (const auto& row : entry.at("areas")) {
      for (const double area : row) areas.push_back(area);
    }
    EXPECT_LT(tests::relative_error(h.sum({2, 3}).flatten(), torch::tensor(areas, torch::kDouble)),
              1e-9);
    ++cases;
  }
  tests::report_cases("heatmap grids", cases);
}

}  // namespace
}  // namespace mint::perception
