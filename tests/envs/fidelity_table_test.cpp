#include "tests/support/fidelity_table.h"

#include <sstream>

#include <gtest/gtest.h>

namespace mint::tests {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(FidelityTable, HasARowForEachNameInTheOrderOfTheirFirstCells) {
  const auto lines = lines_of(fidelity_table({{"MakeLine", FidelityColumn::kScores, "67/67"},
                                              {"driving", FidelityColumn::kPrimitives, "0.1/0.2"},
                                              {"MakeLine", FidelityColumn::kReplays, "4/25"}}));

  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[1].rfind("MakeLine | 67/67 ", 0), 0u) << lines[1];
  EXPECT_NE(lines[1].find("| 4/25 "), std::string::npos) << lines[1];
  EXPECT_EQ(lines[2].rfind("driving  | - ", 0), 0u) << lines[2];
  EXPECT_NE(lines[2].find("| 0.1/0.2 "), std::string::npos) << lines[2];
}

TEST(FidelityTable, AlignsItsColumns) {
  const auto lines =
      lines_of(fidelity_table({{"a", FidelityColumn::kScores, "1/1"},
                               {"a task", FidelityColumn::kScores, "1000/1000 000"}}));

  for (const std::string& line : lines) {
    EXPECT_EQ(line.find('|'), lines[0].find('|'));
    EXPECT_EQ(line.rfind('|'), lines[0].rfind('|'));
  }
}

TEST(FidelityTable, ShowsTheNewestRecordOfACell) {
  const auto lines = lines_of(fidelity_table(
      {{"a", FidelityColumn::kScores, "1/2"}, {"a", FidelityColumn::kScores, "2/2"}}));

  EXPECT_EQ(lines.at(1).find("1/2"), std::string::npos);
  EXPECT_NE(lines.at(1).find("2/2"), std::string::npos);
}

}  // namespace
}  // namespace mint::tests
