#include "perception/device.h"

#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "perception/cuda/entropy_cuda.h"
#include "perception/cuda/mint_loss_cuda.h"
#include "perception/cuda/network_cuda.h"
#include "perception/entropy_regions.h"

namespace mint::perception {
namespace {

std::string message_of(const std::string& device) {
  try {
    resolve_device(device);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(Device, NamesAreResolved) {
  EXPECT_EQ(resolve_device("cpu"), Device::kCpu);
  EXPECT_EQ(resolve_device("auto"), cuda::status().has_gpu ? Device::kCuda : Device::kCpu);
  EXPECT_EQ(message_of("gpu"), "device: expected auto, cpu or cuda, got \"gpu\"");
}

TEST(Device, CudaWithoutAGpuSaysWhyInOneLine) {
  const cuda::Status status = cuda::status();
  if (status.has_gpu) GTEST_SKIP() << "there is a GPU: " << status.detail;

  const std::string message = message_of("cuda");

  EXPECT_EQ(message.find("device: expected a CUDA GPU, got none: "), 0u) << message;
  EXPECT_NE(message.find("; use device=cpu"), std::string::npos) << message;
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  EXPECT_FALSE(status.detail.empty());
  EXPECT_NE(describe_cuda_kernels().find(status.is_compiled ? status.detail : "not compiled"),
            std::string::npos);
}

// A build that found no working nvcc keeps that in its cache.
TEST(Device, KernelsAreCompiledWhereThereIsAnNvcc) {
  const std::string nvcc = MINT_EXPECTED_NVCC;
  if (nvcc.empty()) {
    GTEST_SKIP() << "no nvcc in PATH or /usr/local/cuda/bin when this was configured, or "
                    "MINT_CUDA=OFF";
  }

  EXPECT_TRUE(cuda::status().is_compiled)
      << nvcc << " is there, but the kernels were not compiled; configure with cmake --fresh";
}

template <typename Launch>
void expect_cuda_error(Launch launch) {
  if (cuda::status().has_gpu) GTEST_SKIP() << "there is a GPU";
  try {
    launch();
    FAIL() << "expected an exception";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string(error.what()).find("cuda: "), 0u) << error.what();
  }
}

TEST(Device, LaunchingWithoutAGpuSaysWhy) {
  const cuda::EntropyBatch batch = {1, 3, {4, 4, 8, 8}, true, 3};
  const RegionEntropyTable table(27);
  const std::vector<uint8_t> image(48);
  std::vector<float> entropy(64);

  expect_cuda_error(
      [&] { cuda::entropy_images_of_host(batch, table.view(), image.data(), entropy.data()); });
}

TEST(Device, LaunchingTheLossWithoutAGpuSaysWhy) {
  MintLossBatch<float> batch;
  batch.images = 2;
  batch.keypoints = 1;

  expect_cuda_error(
      [&] { cuda::mint_loss<float>({}, batch, nullptr, nullptr, nullptr, nullptr, nullptr); });
}

TEST(Device, LaunchingTheNetworkWithoutAGpuSaysWhy) {
  NetworkBlock<float> block;
  block.shape = {true, 2, 3, 4, 4, 3, 2, 0};
  block.images = 1;

  expect_cuda_error([&] { cuda::network_tail(block, {}, nullptr, nullptr); });
  expect_cuda_error([&] { cuda::network_tail_backward(block, {}, {}, {}, nullptr, nullptr); });
}

}  // namespace
}  // namespace mint::perception
