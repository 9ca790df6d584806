#include "training/environment_report.h"

#include <stdlib.h>

#include <gtest/gtest.h>

#include "tests/support/files.h"
#include "tests/support/pickle_writer.h"
#include "tests/support/temporary_folder.h"

namespace mint::training {
namespace {

TEST(EnvironmentText, NamesWhatDecidesTheNumbers) {
  const std::string text = environment_text();

  for (const char* name : {"mint: ", "LibTorch ", "OpenCV ", "Box2D 2.4", "HDF5 1.",
                           "compiler: ", "processor: ", "BLAS: ", "CUDA: "}) {
    EXPECT_NE(text.find(name), std::string::npos) << name << " in\n" << text;
  }
  EXPECT_EQ(text, environment_text());
}

TEST(DescribeEnvironment, SaysHowToMendWhatIsNotOk) {
  for (const EnvironmentItem& item : describe_environment()) {
    EXPECT_EQ(item.health == Health::kOk, item.remedy.empty()) << item.name;
    EXPECT_EQ(item.detail.find('\n'), std::string::npos) << item.name;
  }
}

TEST(FindProgram, LooksForExecutableFilesOnThePath) {
  tests::TemporaryFolder folder;
  tests::write_file(folder.path() / "plain", "");
  const std::string before = getenv("PATH");
  setenv("PATH", folder.path().c_str(), 1);

  const std::string plain = find_program("plain");
  setenv("PATH", before.c_str(), 1);

  EXPECT_EQ(plain, "");
  EXPECT_EQ(find_program("sh").find('/'), 0u);
  EXPECT_EQ(find_program("mint-no-such-program"), "");
}

}  // namespace
}  // namespace mint::training
