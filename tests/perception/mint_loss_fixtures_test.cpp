#include "perception/mint_loss.h"

#include "perception/mint_loss_kernels.h"
#include "tests/perception/fixture_tensors.h"

namespace mint::perception {
namespace {

using nlohmann::json;
using torch::Tensor;

MintLossConfig read_config(const json& file) {
  const json& c = file.at("config");
  MintLossConfig config;
  config.frames = file.at("frames");
  config.sigma = c.at("std_for_heatmap");
  config.tau = c.at("threshold_for_heatmap");
  config.eta = c.at("thresholded_heatmap_scale");
  config.kappa = c.at("kappa_for_it_loss");
  config.movement_weight = c.at("movement_weight");
  config.beta = c.at("beta_for_overlapping_loss");
  config.masked_entropy_weight = c.at("masked_entropy_loss_weight");
  config.masked_conditional_entropy_weight = c.at("conditional_entropy_loss_weight");
  config.transport_weight = c.at("information_transport_loss_weight");
  config.overlap_weight = c.at("overlap_weight");
  config.status_weight = c.at("status_weight");
  config.first_heatmap_area = true;
  return config;
}

// The expected terms [N, 8] in the order of kMintLossTermNames.
Tensor read_terms(const json& terms) {
  std::vector<Tensor> columns;
  for (const std::string name : kMintLossTermNames) {
    std::vector<double> values;
    for (const auto& sequence : terms.at(name == "total" ? "mint" : name)) {
      for (const double value : sequence) values.push_back(value);
    }
    columns.push_back(torch::tensor(values, torch::kDouble));
  }
  return torch::stack(columns, 1);
}

struct Case {
  Tensor coords, status, entropy;
  json loss;
};

Case read_case(const std::filesystem::path& folder, const std::filesystem::path& entropy_folder) {
  return {tests::load_tensor(folder / "coords.npy"), tests::load_tensor(folder / "status.npy"),
          tests::load_tensor(entropy_folder / "entropy.npy"),
          tests::read_json(folder / "loss.json")};
}

struct Result {
  MintLoss loss;
  Tensor grad_coords, grad_status;
};

Result run(const Case& c, const MintLossConfig& config, torch::ScalarType type) {
  const int64_t N = c.entropy.size(0), K = c.coords.size(-2);
  Tensor coords = c.coords.reshape({N, K, 2}).to(type).requires_grad_();
  Tensor status = c.status.reshape({N, K}).to(type).requires_grad_();
  const MintLoss loss = mint_loss(coords, status, c.entropy, config);
  loss.total.backward();
  return {loss, coords.grad(), status.grad()};
}

void check_gradient(const Tensor& found, const std::filesystem::path& file, double tolerance) {
  if (!std::filesystem::exists(file)) return;
  const Tensor expected = tests::load_tensor(file);
  EXPECT_LT(tests::relative_error(found, expected.reshape(found.sizes())), tolerance) << file;
}

void check_folder(const std::filesystem::path& folder,
                  const std::filesystem::path& entropy_folder) {
  const Case c = read_case(folder, entropy_folder);
  const Tensor terms = read_terms(c.loss.at("terms"));
  MintLossConfig config = read_config(c.loss);
  for (const auto type : {torch::kDouble, torch::kFloat}) {
    SCOPED_TRACE(folder.string() + (type == torch::kDouble ? " double" : " float"));
    const double tolerance = type == torch::kDouble ? 1e-9 : 1e-4;

    config.first_heatmap_area = true;
    const Result reference = run(c, config, type);
    const double total = c.loss.at("total");
    EXPECT_NEAR(reference.loss.total.item<double>(), total, tolerance * total);
    for (int64_t i = 0; i < kMintLossTerms; ++i) {
      EXPECT_LT(tests::relative_error(reference.loss.terms.select(1, i), terms.select(1, i)),
                tolerance)
          << kMintLossTermNames[i];
    }
    check_gradient(reference.grad_coords, folder / "grad_coords.npy", tolerance);
    check_gradient(reference.grad_status, folder / "grad_status.npy", tolerance);

    config.first_heatmap_area = false;
    const Result constant = run(c, config, type);
    const json& variant = c.loss.at("constant_area_variant");
    const double constant_total = variant.at("total");
    EXPECT_NEAR(heatmap_area(config), variant.at("heatmap_area").get<double>(), 1e-9);
    EXPECT_NEAR(constant.loss.total.item<double>(), constant_total, tolerance * constant_total);
    check_gradient(constant.grad_coords, folder / "grad_coords_constant_area.npy", tolerance);
  }
}

TEST(MintLossFixtures, AgreesOnTheTinyGrid) {
  MINT_FIXTURES(folder, "mint/loss_tiny");
  check_folder(folder, folder);
  tests::report_cases("tiny loss", 1);
}

TEST(MintLossFixtures, AgreesOnRealFramesWithSoftStatus) {
  MINT_FIXTURES(folder, "mint/loss_full");
  check_folder(folder, folder);
  tests::report_cases("full loss", 1);
}

TEST(MintLossFixtures, AgreesOnRealFramesWithBinaryStatus) {
  MINT_FIXTURES(folder, "mint/loss_binary");
  MINT_FIXTURES(full, "mint/loss_full");  // the entropy images are there
  check_folder(folder, std::filesystem::exists(folder / "entropy.npy") ? folder : full);
  tests::report_cases("binary loss", 1);
}

// A variant's name says which setting changed and to what: "kappa_0_5", "movement_off". False for a
// setting that is not known here.
bool apply_variant(const std::string& name, MintLossConfig& config) {
  if (name == "constant_area") {
    config.first_heatmap_area = false;
    return true;
  }
  const std::pair<std::string, double MintLossConfig::*> settings[] = {
      {"kappa_", &MintLossConfig::kappa},
      {"tau_", &MintLossConfig::tau},
      {"sigma_", &MintLossConfig::sigma},
      {"eta_", &MintLossConfig::eta},
      {"beta_", &MintLossConfig::beta},
      {"overlap_weight_", &MintLossConfig::overlap_weight},
      {"status_weight_", &MintLossConfig::status_weight},
      {"masked_entropy_weight_", &MintLossConfig::masked_entropy_weight},
      {"conditional_entropy_weight_", &MintLossConfig::masked_conditional_entropy_weight},
      {"transport_weight_", &MintLossConfig::transport_weight},
      {"movement_weight_", &MintLossConfig::movement_weight},
      {"movement_", &MintLossConfig::movement_weight}};
  for (const auto& [prefix, member] : settings) {
    if (name.rfind(prefix, 0) != 0) continue;
    std::string value = name.substr(prefix.size());
    std::replace(value.begin(), value.end(), '_', '.');
    config.*member = value == "off" ? 0 : std::stod(value);
    return true;
  }
  return false;
}

TEST(MintLossFixtures, AgreesWhenOneSettingChanges) {
  MINT_FIXTURES(folder, "mint/loss_full");
  const Case c = read_case(folder, folder);
  size_t cases = 0;
  const json variants = tests::read_json(folder / "variants.json");
  for (const auto& [name, expected] : variants.items()) {
    SCOPED_TRACE(name);
    MintLossConfig config = read_config(c.loss);
    ASSERT_TRUE(apply_variant(name, config)) << "a variant that this test does not know";
    const Result found = run(c, config, torch::kDouble);
    const double total = expected.at("total");
    EXPECT_NEAR(found.loss.total.item<double>(), total, 1e-9 * total);
    EXPECT_LT(tests::relative_error(found.loss.terms, read_terms(expected.at("terms"))), 1e-9);
    ++cases;
  }
  tests::report_cases("loss variants", cases);
}

}  // namespace
}  // namespace mint::perception
