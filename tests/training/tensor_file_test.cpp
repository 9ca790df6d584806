#include "training/tensor_file.h"

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/support/error_of.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"
#include "training/tensor_checksum.h"

namespace mint::training {
namespace {

TEST(TensorChecksum, KnowsShapesAndBytesAndOrder) {
  const auto a = torch::arange(6), b = torch::ones({2});
  const int64_t checksum = tensor_checksum({a, b});

  EXPECT_EQ(tensor_checksum({a.clone(), {}, b}), checksum);
  EXPECT_NE(tensor_checksum({b, a}), checksum);
  EXPECT_NE(tensor_checksum({a.view({2, 3}), b}), checksum);
  EXPECT_NE(tensor_checksum({a, torch::empty({0})}), tensor_checksum({b, torch::empty({0})}));
  EXPECT_NE(tensor_checksum({a, torch::tensor(1)}), tensor_checksum({b, torch::tensor(1)}));
  EXPECT_NE(tensor_checksum({a, torch::tensor({1.f, 1.0000001f})}), checksum);
  EXPECT_EQ(tensor_checksum({torch::arange(6).view({2, 3}).t()}),
            tensor_checksum({torch::tensor({{0, 3}, {1, 4}, {2, 5}}, torch::kInt64)}));
}

TEST(TensorFile, GivesBackWhatWasWritten) {
  const tests::TemporaryFolder folder;
  const auto file = folder.path() / "a.safetensors";
  write_tensors(file, {{"x", torch::arange(3)}, {"y", torch::full({2, 1}, 0.5)}});

  const auto tensors = read_tensors(file);

  ASSERT_EQ(tensors.size(), 2u);
  EXPECT_TRUE(torch::equal(tensors.at("x"), torch::arange(3)));
  EXPECT_TRUE(torch::equal(tensors.at("y"), torch::full({2, 1}, 0.5)));
}

class DamagedTensorFile : public testing::Test {
 protected:
  DamagedTensorFile() { write_tensors(file_, {{"x", torch::arange(3)}, {"y", torch::zeros(2)}}); }

  // What reading a file with these bytes says; empty when it gives what was written.
  std::string error_with(const std::string& bytes) {
    tests::write_file(file_, bytes);
    std::map<std::string, torch::Tensor> read;
    const std::string error =
        tests::error_of<std::runtime_error>([&] { read = read_tensors(file_); });
    if (error != "no error") return error;
    const bool is_same = read.size() == 2 && torch::equal(read.at("x"), torch::arange(3)) &&
                         torch::equal(read.at("y"), torch::zeros(2));
    return is_same ? "" : "other tensors";
  }

  tests::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "a.safetensors";
};

TEST_F(DamagedTensorFile, GivesNothingElseWhicheverBitIsFlipped) {
  const std::string whole = tests::read_file(file_);
  int named = 0;
  for (size_t i = 0; i < 8 * whole.size(); ++i) {
    std::string bytes = whole;
    bytes[i / 8] = static_cast<char>(bytes[i / 8] ^ (1 << i % 8));
    const std::string error = error_with(bytes);
    const bool is_named = error.rfind(file_.string() + ": ", 0) == 0;
    EXPECT_TRUE(error.empty() || is_named) << i << ": " << error;
    named += is_named ? 1 : 0;
  }
  EXPECT_GT(named, static_cast<int>(7 * whole.size()));  // but in spaces and in the metadata
}

TEST_F(DamagedTensorFile, IsNamedWhereverItIsCut) {
  const std::string whole = tests::read_file(file_);
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(error_with(whole.substr(0, size)).rfind(file_.string() + ": ", 0), 0u) << size;
  }
}

TEST(TensorFile, FindsTensorsOfTheTypeAndDimensionsThatAreAskedFor) {
  const std::map<std::string, torch::Tensor> tensors = {{"x", torch::zeros({2, 3})}};

  EXPECT_TRUE(find_tensor(tensors, "x", torch::kFloat32, 2).defined());
  EXPECT_EQ(tests::error_of([&] { find_tensor(tensors, "y", torch::kFloat32, 2); }), "y: missing");
  EXPECT_EQ(tests::error_of([&] { find_tensor(tensors, "x", torch::kUInt8, 1); }),
            "x: expected 1 dimensions of U8, got 2 of F32");
}

}  // namespace
}  // namespace mint::training
