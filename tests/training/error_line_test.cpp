#include "training/error_line.h"

#include <filesystem>
#include <stdexcept>

#include <c10/util/Exception.h>
#include <gtest/gtest.h>

namespace mint::training {
namespace {

TEST(ErrorLine, IsTheMessageOnOneLine) {
  EXPECT_EQ(error_line(std::runtime_error("file: expected X,\ngot Y\n")),
            "file: expected X, got Y");
}

TEST(ErrorLine, KeepsTheTerminalFromObeyingAFile) {
  EXPECT_EQ(error_line(std::runtime_error("file: a\x1b[2J\r: missing")), "file: a?[2J?: missing");
}

TEST(ErrorLine, LeavesOutTheBacktraceOfLibTorch) {
  const c10::Error error("shapes differ", "#0 somewhere\n#1 else\n");

  EXPECT_EQ(error_line(error), "shapes differ");
}

TEST(ErrorLine, NamesThePathFirstWhenTheFileSystemFails) {
  const std::filesystem::filesystem_error error("cannot create directories", "/readonly/videos",
                                                std::make_error_code(std::errc::permission_denied));

  EXPECT_EQ(error_line(error), "/readonly/videos: Permission denied");
}

}  // namespace
}  // namespace mint::training
