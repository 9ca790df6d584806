#include "training/tensor_file.h"

#include <fstream>

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

TEST(TensorFile, NamesEveryDamagedByteAndEveryCut) {
  const tests::TemporaryFolder folder;
  const auto file = folder.path() / "a.safetensors";
  write_tensors(file, {{"x", torch::arange(3)}});
  const std::string whole = tests::read_file(file);
  const auto damaged = [&](const std::string& bytes) {
    tests::write_file(file, bytes);
    return tests::error_of<std::runtime_error>([&] { read_tensors(file); });
  };

  const size_t data = whole.size() - 4 * sizeof(int64_t);  // the checksum and three numbers
  for (size_t i = data; i < whole.size(); ++i) {
    std::string bytes = whole;
    bytes[i] = static_cast<char>(bytes[i] ^ 0x10);
    EXPECT_EQ(damaged(bytes).rfind(file.string() + ": ", 0), 0u) << i;
  }
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(damaged(whole.substr(0, size)).rfind(file.string() + ": ", 0), 0u) << size;
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
