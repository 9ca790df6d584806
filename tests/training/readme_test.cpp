// README.md is read in terminals, too.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/files.h"

namespace mint::training {
namespace {

TEST(Readme, HasAtMost100ColumnsOutsideOfTables) {
  const char* source = std::getenv("MINT_SOURCE_DIR");
  std::istringstream text(
      tests::read_file(std::filesystem::path(source ? source : ".") / "README.md"));
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
