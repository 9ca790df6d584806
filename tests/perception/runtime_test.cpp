#include "perception/runtime.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

namespace mint::perception {
namespace {

TEST(Runtime, UsesOneIntraOpThread) {
  start_runtime();

  EXPECT_EQ(at::get_num_threads(), 1);
}

TEST(Runtime, NamesTheLibraryBehindMatrixProducts) {
  const BlasReport report = blas_report();

  EXPECT_NE(report.file.find("blas"), std::string::npos) << report.file;
  EXPECT_EQ(report.is_openblas, !report.config.empty());
}

TEST(Runtime, NamesTheVersionOfLibTorch) {
  EXPECT_EQ(torch_version().rfind("LibTorch ", 0), 0u);
}

}  // namespace
}  // namespace mint::perception
