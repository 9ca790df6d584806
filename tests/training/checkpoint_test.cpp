#include "training/checkpoint.h"

#include <gtest/gtest.h>
#include <torch/nn.h>
#include <torch/optim/adam.h>

#include <stdexcept>

#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"
#include "training/atomic_file.h"
#include "training/optimiser_state.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;
using tests::error_of;
using tests::TemporaryFolder;

torch::nn::Sequential make_model(int64_t width = 4) {
  return torch::nn::Sequential(torch::nn::Conv2d(3, width, 3), torch::nn::BatchNorm2d(width));
}

// One step on a fixed input, so that the optimizer has a state.
void train_step(torch::nn::Sequential& model, torch::optim::Optimizer& optimizer) {
  optimizer.zero_grad();
  const auto loss =
      model->forward(torch::ones({2, 3, 5, 5})).pow(2).sum() + model->parameters()[0].pow(2).sum();
  loss.backward();
  optimizer.step();
}

bool have_equal_tensors(torch::nn::Module& a, torch::nn::Module& b) {
  const auto equal = [](const auto& x, const auto& y) {
    for (size_t i = 0; i < x.size(); ++i)
      if (!torch::equal(x[i], y[i])) return false;
    return x.size() == y.size();
  };
  return equal(a.parameters(), b.parameters()) && equal(a.buffers(), b.buffers());
}

TEST(Checkpoint, ResumedTrainingEndsWithTheSameWeights) {
  TemporaryFolder folder;
  torch::manual_seed(0);
  auto model = make_model();
  torch::optim::Adam adam(model->parameters(), 0.01);
  train_step(model, adam);
  save_checkpoint(folder.path() / "1", {{"", model.get()}}, "seed: 0\n",
                  {1, 123, 456, optimiser_state(adam)});
  train_step(model, adam);

  auto resumed = make_model();
  torch::optim::Adam resumed_adam(resumed->parameters(), 0.01);
  load_model(folder.path() / "1", {{"", resumed.get()}});
  const auto loaded = load_training_state(folder.path() / "1");
  load_optimiser_state(resumed_adam, loaded.tensors);
  train_step(resumed, resumed_adam);

  EXPECT_TRUE(have_equal_tensors(*model, *resumed));
  EXPECT_EQ(loaded.step, 1);
  EXPECT_EQ(loaded.metrics_bytes, 123);
  EXPECT_EQ(loaded.data_checksum, 456);
  EXPECT_EQ(read_checkpoint_config(folder.path() / "1"), "seed: 0\n");
}

TEST(Checkpoint, TheModelFileIsAFunctionOfTheWeights) {
  TemporaryFolder folder;
  torch::manual_seed(0);
  auto model = make_model();
  save_checkpoint(folder.path() / "1", {{"", model.get()}}, "a: 1\n", {});
  save_checkpoint(folder.path() / "2", {{"", model.get()}}, "b: 2\n", {});

  EXPECT_EQ(read_file(folder.path() / "1/model.safetensors"),
            read_file(folder.path() / "2/model.safetensors"));
}

TEST(Checkpoint, OnePartCanBeLoadedOutOfTwo) {
  TemporaryFolder folder;
  auto detector = make_model(4);
  auto policy = make_model(6);
  save_checkpoint(folder.path() / "1", {{"detector", detector.get()}, {"policy", policy.get()}}, "",
                  {});
  auto loaded = make_model(4);

  load_model(folder.path() / "1", {{"detector", loaded.get()}}, /*allow_others=*/true);

  EXPECT_TRUE(have_equal_tensors(*loaded, *detector));
  EXPECT_EQ(error_of([&] {
              load_model(folder.path() / "1", {{"detector", loaded.get()}});
            }),
            (folder.path() / "1/model.safetensors").string() +
                ": policy.1.num_batches_tracked: unknown to the model");
}

TEST(Checkpoint, AnotherShapeIsNamedAndChangesNothing) {
  TemporaryFolder folder;
  auto saved = make_model(4);
  save_checkpoint(folder.path() / "1", {{"", saved.get()}}, "", {});
  auto other = make_model(5);
  const auto before = other->parameters()[0].clone();

  EXPECT_EQ(error_of([&] {
              load_model(folder.path() / "1", {{"", other.get()}});
            }),
            (folder.path() / "1/model.safetensors").string() + ": 0.bias: expected [5], got [4]");
  EXPECT_TRUE(torch::equal(other->parameters()[0], before));
}

TEST(Checkpoint, AMissingTensorIsNamed) {
  TemporaryFolder folder;
  torch::nn::Sequential small(torch::nn::Conv2d(3, 4, 3));
  save_checkpoint(folder.path() / "1", {{"", small.get()}}, "", {});
  auto model = make_model();

  EXPECT_EQ(error_of([&] {
              load_model(folder.path() / "1", {{"", model.get()}});
            }),
            (folder.path() / "1/model.safetensors").string() + ": 1.bias: missing");
}

TEST(Checkpoint, AnOptimiserOfAnotherModelIsRefused) {
  auto model = make_model(4);
  torch::optim::Adam adam(model->parameters(), 0.01);
  train_step(model, adam);
  auto other = make_model(5);
  torch::optim::Adam other_adam(other->parameters(), 0.01);

  EXPECT_EQ(error_of([&] { load_optimiser_state(other_adam, optimiser_state(adam)); }),
            "adam.0.mean: expected [5, 3, 3, 3], got [4, 3, 3, 3]");
}

TEST(Checkpoint, EveryFlippedOrCutFileIsNamed) {
  TemporaryFolder folder;
  auto model = make_model();
  const fs::path checkpoint = folder.path() / "1";
  save_checkpoint(checkpoint, {{"", model.get()}}, "seed: 0\n", {});
  for (const std::string name : {"model.safetensors", "config.yaml", "training_state.json"}) {
    const std::string bytes = read_file(checkpoint / name);
    std::string flipped = bytes;
    flipped[bytes.size() / 2] ^= 4;
    write_file_atomically(checkpoint / name, flipped);
    const std::string where = (checkpoint / name).string();
    EXPECT_EQ(
        error_of([&] { verify_checkpoint(checkpoint); }).rfind(where + ": checksum: expected ", 0),
        0u);
    for (size_t length = 0; length < bytes.size(); length += 1 + bytes.size() / 7) {
      write_file_atomically(checkpoint / name, bytes.substr(0, length));
      EXPECT_EQ(error_of([&] {
                  load_model(checkpoint, {{"", model.get()}});
                }),
                where + ": size: expected " + std::to_string(bytes.size()) + " bytes, got " +
                    std::to_string(length));
    }
    fs::remove(checkpoint / name);
    EXPECT_EQ(error_of([&] { verify_checkpoint(checkpoint); }),
              where + ": cannot be read: No such file or directory");
    write_file_atomically(checkpoint / name, bytes);
  }
  EXPECT_EQ(error_of([&] { verify_checkpoint(checkpoint); }), "no error");
}

TEST(Checkpoint, OnlyItsOwnFilesAreReadAndNothingIsAllocatedOnItsWord) {
  TemporaryFolder folder;
  auto model = make_model();
  const fs::path checkpoint = folder.path() / "1";
  save_checkpoint(checkpoint, {{"", model.get()}}, "", {});
  const std::string text = read_file(checkpoint / "manifest.json");
  const auto error_with = [&](const std::string& from, const std::string& to) {
    std::string other = text;
    other.replace(other.find(from), from.size(), to);
    write_file_atomically(checkpoint / "manifest.json", other);
    return error_of([&] { verify_checkpoint(checkpoint); });
  };
  write_file_atomically(folder.path() / "secret", "x");

  for (const std::string name : {"../secret", "/etc/passwd", ""})
    EXPECT_EQ(error_with("\"config.yaml\"", "\"" + name + "\""),
              (checkpoint / "manifest.json").string() + ": files: expected plain names, got \"" +
                  name + "\"");
  EXPECT_EQ(error_with("\"config.yaml\"", "\"..\""),
            (checkpoint / "..").string() + ": cannot be read: not a regular file");
  const std::string size =
      "\"bytes\": " + std::to_string(fs::file_size(checkpoint / "model.safetensors"));
  EXPECT_EQ(error_with(size, "\"bytes\": 1000000000000"),
            (checkpoint / "model.safetensors").string() +
                ": size: expected 1000000000000 bytes, got " + size.substr(9));
  fs::resize_file(checkpoint / "model.safetensors", 1000000000000);  // holes
  EXPECT_EQ(error_with(size, "\"bytes\": 1000000000000"),
            (checkpoint / "model.safetensors").string() +
                ": size: expected at most 17179869184 bytes, got 1000000000000");
}

TEST(Checkpoint, AnotherVersionAndADamagedManifestAreNamed) {
  TemporaryFolder folder;
  auto model = make_model();
  const fs::path checkpoint = folder.path() / "1";
  save_checkpoint(checkpoint, {{"", model.get()}}, "", {});
  const std::string where = (checkpoint / "manifest.json").string();
  std::string text = read_file(checkpoint / "manifest.json");
  text.replace(text.find("\"version\": 1"), 12, "\"version\": 2");
  write_file_atomically(checkpoint / "manifest.json", text);

  EXPECT_EQ(error_of([&] { verify_checkpoint(checkpoint); }),
            where + ": version: expected 1, got 2");
  write_file_atomically(checkpoint / "manifest.json", "{\"format\":");
  EXPECT_EQ(error_of([&] { verify_checkpoint(checkpoint); }),
            where + ": manifest: expected the list of a checkpoint's files, got damage");
}

TEST(Checkpoint, ARunKeepsTheNewestAndPointsAtTheLast) {
  TemporaryFolder folder;
  auto model = make_model();
  TrainingState state;
  for (const int64_t step : {5, 10, 15, 20}) {
    state.step = step;
    save_run_checkpoint(folder.path(), {{"", model.get()}}, "", state, /*keep=*/2);
  }

  EXPECT_FALSE(fs::exists(folder.path() / "checkpoints/10"));
  EXPECT_TRUE(fs::exists(folder.path() / "checkpoints/15"));
  EXPECT_EQ(fs::read_symlink(folder.path() / "last"), "checkpoints/20");
  EXPECT_EQ(find_checkpoint(folder.path()), folder.path() / "checkpoints/20");
  EXPECT_EQ(find_checkpoint(folder.path() / "checkpoints/15"), folder.path() / "checkpoints/15");
}

TEST(Checkpoint, ADamagedNewestOneIsNamedAndTheOneBeforeIsUsed) {
  TemporaryFolder folder;
  auto model = make_model();
  for (const int64_t step : {5, 10})
    save_run_checkpoint(folder.path(), {{"", model.get()}}, "", {step, 0, 0, {}}, /*keep=*/2);
  const fs::path damaged = folder.path() / "checkpoints/10/model.safetensors";
  fs::resize_file(damaged, fs::file_size(damaged) - 1);

  testing::internal::CaptureStderr();
  EXPECT_EQ(find_checkpoint(folder.path()), folder.path() / "checkpoints/5");
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(said.rfind("damaged checkpoint: " + damaged.string() + ": size: expected ", 0), 0u)
      << said;
  EXPECT_NE(said.find("using " + (folder.path() / "checkpoints/5").string()), std::string::npos);

  fs::remove(folder.path() / "checkpoints/5/model.safetensors");
  EXPECT_EQ(error_of([&] { find_checkpoint(folder.path()); }).rfind(damaged.string(), 0), 0u);
}

TEST(Checkpoint, APathThatIsNoCheckpointIsNamed) {
  TemporaryFolder folder;

  EXPECT_EQ(error_of([&] { find_checkpoint(folder.path()); }),
            folder.path().string() +
                ": checkpoint: expected a run or a checkpoint, got a folder without manifest.json");
  EXPECT_EQ(error_of([] { find_checkpoint("/nowhere"); }),
            "/nowhere: checkpoint: no such file or folder");
}

}  // namespace
}  // namespace mint::training
