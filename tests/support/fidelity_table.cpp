#include "tests/support/fidelity_table.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <sstream>

#include <gtest/gtest.h>

namespace mint::tests {
namespace {

constexpr std::array<const char*, 8> kTitles = {
    "scores equal", "384: px >2, max, mean", "96: px >2, max, mean",  "primitives / spread",
    "within",       "replays at 1.0",        "5 steps: robot; block", "disturbed / original"};

// Cells travel as properties of the test that recorded them, "fidelity/<column>/<row>".
const std::string kPrefix = "fidelity/";

std::vector<FidelityCell> recorded_cells(const testing::TestInfo& test) {
  std::vector<FidelityCell> cells;
  const testing::TestResult& result = *test.result();
  for (int i = 0; i < result.test_property_count(); ++i) {
    const testing::TestProperty& property = result.GetTestProperty(i);
    const std::string key = property.key();
    if (key.compare(0, kPrefix.size(), kPrefix) != 0) continue;
    const size_t slash = key.find('/', kPrefix.size());
    const int column = std::stoi(key.substr(kPrefix.size(), slash - kPrefix.size()));
    cells.push_back({key.substr(slash + 1), static_cast<FidelityColumn>(column), property.value()});
  }
  return cells;
}

class TablePrinter : public testing::Environment {
 public:
  void TearDown() override {
    std::vector<FidelityCell> cells;
    std::string failures;
    const testing::UnitTest& all = *testing::UnitTest::GetInstance();
    for (int s = 0; s < all.total_test_suite_count(); ++s) {
      const testing::TestSuite& suite = *all.GetTestSuite(s);
      for (int t = 0; t < suite.total_test_count(); ++t) {
        const testing::TestInfo& test = *suite.GetTestInfo(t);
        const auto recorded = recorded_cells(test);
        cells.insert(cells.end(), recorded.begin(), recorded.end());
        if (!test.result()->Failed()) continue;
        failures += std::string("FAILED: ") + suite.name() + "." + test.name() + "\n";
      }
    }
    const char* file = std::getenv("MINT_FIDELITY_TABLE");
    if (cells.empty() && !file) return;
    const std::string text =
        cells.empty() ? "No table of fidelity: nothing was measured. Are the fixtures there? "
                        "MINT_SHARED names the folder that holds them.\n"
                      : fidelity_table(cells);
    std::cout << text << failures;
    if (file) std::ofstream(file) << text << failures;
  }
};

const testing::Environment* const kPrinter = testing::AddGlobalTestEnvironment(new TablePrinter);

}  // namespace

void record_fidelity(const std::string& row, FidelityColumn column, const std::string& text) {
  testing::Test::RecordProperty(kPrefix + std::to_string(static_cast<int>(column)) + "/" + row,
                                text);
}

std::string fidelity_table(const std::vector<FidelityCell>& cells) {
  using Line = std::array<std::string, kTitles.size() + 1>;
  std::vector<Line> lines(1);
  lines[0][0] = "fidelity";
  std::copy(kTitles.begin(), kTitles.end(), lines[0].begin() + 1);
  for (const FidelityCell& cell : cells) {
    auto line = std::find_if(lines.begin() + 1, lines.end(),
                             [&](const Line& l) { return l[0] == cell.row; });
    if (line == lines.end()) {
      Line empty;
      empty.fill("-");
      empty[0] = cell.row;
      line = lines.insert(lines.end(), empty);
    }
    (*line)[static_cast<size_t>(cell.column) + 1] = cell.text;
  }
  std::array<size_t, kTitles.size() + 1> widths = {};
  for (const Line& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::ostringstream table;
  for (const Line& line : lines) {
    for (size_t i = 0; i + 1 < line.size(); ++i) {
      table << std::left << std::setw(static_cast<int>(widths[i])) << line[i] << " | ";
    }
    table << line.back() << "\n";
  }
  return table.str();
}

std::string with_digits(double value, int digits) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(digits) << value;
  return text.str();
}

}  // namespace mint::tests
