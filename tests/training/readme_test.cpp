// README.md is read in terminals, too.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/files.h"

namespace mint::training {
namespace {

std::filesystem::path source_folder() {
  const char* source = std::getenv("MINT_SOURCE_DIR");
  return source ? source : ".";
}

// "Suite.Test" of every test in the sources.
std::set<std::string> all_tests() {
  const std::regex form("\\bTEST(?:_F)?\\((\\w+),\\s*(\\w+)\\)");
  std::set<std::string> names;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(source_folder() / "tests")) {
    if (entry.path().extension() != ".cpp") continue;
    const std::string text = tests::read_file(entry.path());
    for (std::sregex_iterator i(text.begin(), text.end(), form), end; i != end; ++i) {
      names.insert((*i)[1].str() + "." + (*i)[2].str());
    }
  }
  return names;
}

// Whether a filter of GoogleTest, "Suite.*Part*", finds one of `names`.
bool finds_any(const std::string& filter, const std::set<std::string>& names) {
  const std::string pattern = std::regex_replace(
      std::regex_replace(filter, std::regex("\\."), "\\."), std::regex("\\*"), ".*");
  const std::regex form(pattern);
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return std::regex_match(name, form); });
}

TEST(Readme, NamesTestsThatThereAreForEveryFault) {
  const std::string text = tests::read_file(source_folder() / "README.md");
  const size_t begin = text.find("## What can go wrong");
  ASSERT_NE(begin, std::string::npos);
  std::istringstream section(text.substr(begin, text.find("\n## ", begin + 1) - begin));
  const auto names = all_tests();
  const std::regex filter("`(\\w+\\.[\\w*]+)`");
  int rows = 0;
  for (std::string line; std::getline(section, line);) {
    if (line.rfind("| ", 0) != 0 || line.rfind("| fault", 0) == 0 || line.rfind("| ---", 0) == 0)
      continue;
    ++rows;
    const std::string tests = line.substr(line.rfind('|', line.size() - 2));
    std::sregex_iterator found(tests.begin(), tests.end(), filter);
    const bool is_label = tests.find("`ctest -L ") != std::string::npos;
    EXPECT_TRUE(is_label || found != std::sregex_iterator()) << line;
    for (; found != std::sregex_iterator(); ++found) {
      EXPECT_TRUE(finds_any((*found)[1], names)) << (*found)[1];
    }
  }
  EXPECT_GT(rows, 15);
}

TEST(Readme, HasAtMost100ColumnsOutsideOfTables) {
  std::istringstream text(tests::read_file(source_folder() / "README.md"));
  int number = 0;
  for (std::string line; std::getline(text, line);) {
    ++number;
    if (line.rfind('|', 0) == 0) continue;
    const auto columns = std::count_if(line.begin(), line.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xc0) != 0x80;  // the first byte of a character
    });
    EXPECT_LE(columns, 100) << "README.md:" << number << ": " << line;
  }
  EXPECT_GT(number, 100);
}

}  // namespace
}  // namespace mint::training
