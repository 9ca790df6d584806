// The real program: what it prints and exits with when it is used wrongly.
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/magical_demonstration.h"
#include "tests/support/pickle_writer.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"
#include "training/command_line.h"
#include "training/demonstrations.h"

namespace mint::training {
namespace {

using tests::ProgramResult;
using tests::run_mint;

constexpr const char* kCommands[] = {"quickstart",   "record",  "import-magical", "multiply",
                                     "inspect",      "play",    "pretrain",       "clone",
                                     "fit-dynamics", "imagine", "evaluate",       "doctor"};

class CommandLine : public testing::Test {
 protected:
  void SetUp() override { MINT_NEEDS_PROGRAM(); }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  std::string write(const std::string& name, const std::string& bytes) const {
    tests::write_file(path(name), bytes);
    return path(name);
  }

  // A demonstration file with two short episodes.
  std::string write_demonstrations(const std::string& name) const {
    Episode episode;
    episode.env_name = "MoveToRegion-Demo-v0";
    episode.score = 1;
    episode.source = "expert";
    episode.actions = {1, 0};
    episode.height = episode.width = 96;
    episode.frames.assign(3 * 96 * 96 * 3, 100);
    DemonstrationWriter writer(path(name));
    writer.add(episode);
    episode.actions = {2, 0};
    writer.add(episode);
    writer.close();
    return path(name);
  }

  static std::string read(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  // Cut off in the middle.
  static void truncate(const std::string& file) {
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  }

 private:
  tests::TemporaryFolder folder_;
};

// One line on stderr that says `message`, nothing on stdout, this exit code.
void expect_error(const ProgramResult& result, int exit_code, const std::string& message) {
  EXPECT_EQ(result.exit_code, exit_code) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err.rfind("mint: ", 0), 0u) << result.err;
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  EXPECT_EQ(result.err.find('\n'), result.err.size() - 1) << result.err;
  EXPECT_NE(result.err.find(message), std::string::npos) << message << "\n" << result.err;
}

TEST_F(CommandLine, WithoutACommandPointsToTheHelp) {
  expect_error(run_mint({}), 2, "see mint --help");
}

TEST_F(CommandLine, ListsTheCommandsForAnUnknownOne) {
  expect_error(run_mint({"pretrian", "epochs=3"}), 2,
               "expected a command (quickstart, record, import-magical, multiply, make-collisions");
}

TEST_F(CommandLine, RefusesAnUnknownOptionBeforeDoingAnything) {
  const std::string output = path("demos.h5");

  const auto result = run_mint({"record", "--task", "MoveToRegion", "-o", output, "--bogus"});

  expect_error(result, 2, "--bogus; see mint record --help");
  EXPECT_FALSE(std::filesystem::exists(output));
}

TEST_F(CommandLine, RefusesNumbersOutOfRangeAndMissingOptions) {
  const std::string output = path("demos.h5");

  expect_error(run_mint({"record", "--task", "MakeLine", "-n", "0", "-o", output}), 2,
               "--episodes");
  expect_error(run_mint({"record", "--task", "MakeLine"}), 2, "--output is required");
}

TEST_F(CommandLine, RefusesAnUnknownTaskOrVariantBeforeCreatingAFile) {
  const std::string output = path("demos.h5");

  expect_error(run_mint({"record", "--task", "MoveToCenter", "-o", output}), 2,
               "task: expected one of MoveToRegion, MoveToCorner, MatchRegions");
  expect_error(run_mint({"record", "--task", "MakeLine", "--variant", "TestJiter", "-o", output}),
               2, "variant: expected one of Demo, TestJitter");
  expect_error(run_mint({"play", "MoveToCenter"}), 2, "expected a task (MoveToRegion, ");
  expect_error(run_mint({"play", "MakeLine", "--variant", "Test"}, {"SDL_VIDEODRIVER=dummy"}), 2,
               "variant: expected one of");
  EXPECT_TRUE(std::filesystem::is_empty(std::filesystem::path(output).parent_path()));
}

TEST_F(CommandLine, NamesAMissingFile) {
  const std::string missing = path("missing.h5");

  expect_error(run_mint({"inspect", missing}), 1, missing);
  expect_error(run_mint({"import-magical", missing, "-o", path("demos.h5")}), 1, missing);
  expect_error(run_mint({"pretrain", "data=" + missing, "output=" + path("run")}), 1, missing);
  expect_error(run_mint({"pretrain", missing + ".yaml"}), 2, missing + ".yaml");
  EXPECT_FALSE(std::filesystem::exists(path("run")));
}

TEST_F(CommandLine, NamesAFolderThatShouldBeAFileOrHoldsNothing) {
  const std::string folder = path("folder");
  std::filesystem::create_directory(folder);

  expect_error(run_mint({"inspect", folder}), 1, folder);
  expect_error(run_mint({"import-magical", folder, "-o", path("demos.h5")}), 1,
               folder + ": expected *.pkl.gz files, got none");
  expect_error(run_mint({"pretrain", "data=" + folder, "output=" + path("run")}), 1, folder);
  expect_error(run_mint({"play", folder}, {"SDL_VIDEODRIVER=dummy"}), 1, folder);
  expect_error(run_mint({"record", "--task", "MakeLine", "-o", folder}), 1, "got an existing one");
}

TEST_F(CommandLine, NamesATruncatedDemonstrationOfTheOriginalAndLeavesNothing) {
  const std::string file = path("demo-a.pkl.gz");
  tests::write_magical_demonstration(file, {});
  truncate(file);

  const auto result = run_mint({"import-magical", file, "-o", path("demos.h5")});

  expect_error(result, 1, file);
  EXPECT_FALSE(std::filesystem::exists(path("demos.h5")));
  EXPECT_FALSE(std::filesystem::exists(path("demos.h5.partial")));
}

TEST_F(CommandLine, RefusesAPickleWithAnUnknownClass) {
  const std::string file = path("demo-a.pkl.gz");
  tests::PickleWriter pickle;
  pickle.global("posix", "system").text("true").op(tests::kTuple1).op(tests::kReduce);
  tests::write_file(file, tests::gzip(pickle.op(tests::kStop).bytes));

  expect_error(run_mint({"import-magical", file, "-o", path("demos.h5")}), 1, "posix system");
}

TEST_F(CommandLine, OneBrokenFileAmongSeveralLeavesNoFile) {
  tests::write_magical_demonstration(path("demo-a.pkl.gz"), {});
  tests::write_magical_demonstration(path("demo-b.pkl.gz"), {});
  truncate(path("demo-b.pkl.gz"));

  const auto result = run_mint({"import-magical", path(""), "-o", path("demos.h5")});

  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("\nmint: " + path("demo-b.pkl.gz")), std::string::npos) << result.err;
  EXPECT_FALSE(std::filesystem::exists(path("demos.h5")));
  EXPECT_FALSE(std::filesystem::exists(path("demos.h5.partial")));
}

TEST_F(CommandLine, NamesATruncatedDemonstrationFile) {
  const std::string file = write_demonstrations("demos.h5");
  truncate(file);

  expect_error(run_mint({"inspect", file}), 1, file);
  expect_error(run_mint({"pretrain", "data=" + file, "output=" + path("run")}), 1, file);
  expect_error(run_mint({"play", file}, {"SDL_VIDEODRIVER=dummy"}), 1, file);
}

TEST_F(CommandLine, SuggestsTheNearestConfigurationKey) {
  const std::string file = write("clone.yaml", "steps: 10\nbatchs: 3\n");

  expect_error(run_mint({"pretrain", "epoch=3"}), 2,
               "command line: epoch: unknown key; did you mean \"epochs\"?");
  expect_error(run_mint({"clone", file}), 2,
               file + ":2: batchs: unknown key; did you mean \"batch\"?");
}

TEST_F(CommandLine, NamesAnOutputThatCannotBeWritten) {
  const std::string blocker = write("file", "");  // also in the way of root
  const std::string demonstrations = write_demonstrations("demos.h5");

  expect_error(run_mint({"record", "--task", "MoveToRegion", "-o", blocker + "/a.h5"}), 1, blocker);
  expect_error(run_mint({"import-magical", demonstrations, "-o", blocker + "/a.h5"}), 1, blocker);
  expect_error(run_mint({"pretrain", "data=" + demonstrations, "output=" + blocker + "/run"}), 1,
               blocker);
}

TEST_F(CommandLine, NeverOverwritesAFile) {
  const std::string file = write("demos.h5", "precious");

  expect_error(run_mint({"record", "--task", "MoveToRegion", "-o", file}), 1,
               file + ": file: expected a new file, got an existing one");
  EXPECT_EQ(read(file), "precious");
}

TEST_F(CommandLine, HelpListsTheCommands) {
  const auto result = run_mint({"--help"});

  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  for (const std::string command : kCommands) {
    EXPECT_NE(result.out.find("\n  " + command + " "), std::string::npos) << command;
  }
}

// In this process: starting the program takes long.
TEST_F(CommandLine, HelpOfEveryCommandSucceeds) {
  for (const std::string command : kCommands) {
    std::string program = "mint", name = command, help = "--help";
    char* arguments[] = {program.data(), name.data(), help.data(), nullptr};
    testing::internal::CaptureStdout();

    const int exit_code = run_command_line(3, arguments);

    EXPECT_EQ(exit_code, 0) << command;
    EXPECT_NE(testing::internal::GetCapturedStdout().find("Usage: mint " + command + " "),
              std::string::npos)
        << command;
  }
}

TEST_F(CommandLine, HelpListsTheKeysOfTheConfiguration) {
  EXPECT_NE(run_mint({"pretrain", "--help"}).out.find("\n  learning_rate "), std::string::npos);
  EXPECT_NE(run_mint({"clone", "--help"}).out.find("\n  batch "), std::string::npos);
  EXPECT_NE(run_mint({"fit-dynamics", "--help"}).out.find("\n  predictor.horizons "),
            std::string::npos);
  EXPECT_NE(run_mint({"quickstart", "--help"}).out.find("\n  epochs "), std::string::npos);
}

TEST_F(CommandLine, DoctorSaysHowEverythingIs) {
  const auto result = run_mint({"doctor"});

  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_EQ(result.err, "");
  std::istringstream lines(result.out);
  for (std::string line; std::getline(lines, line);) {
    const std::string word = line.substr(0, line.find(' '));
    EXPECT_TRUE(word == "ok" || word == "slow" || word == "missing") << line;
    EXPECT_EQ(word == "ok", line.find("; mend it: ") == std::string::npos) << line;
  }
  for (const char* item : {" BLAS ", " CUDA ", " video ", " display ", " processor "}) {
    EXPECT_NE(result.out.find(item), std::string::npos) << item;
  }
}

}  // namespace
}  // namespace mint::training
