#include "training/demonstration_output.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"

namespace mint::training {
namespace {

Episode make_episode() {
  Episode episode;
  episode.env_name = "MakeLine-Demo-v0";
  episode.source = "expert";
  episode.actions = {1, 2, 3};
  episode.height = episode.width = 2;
  episode.frames.assign(4 * 2 * 2 * 3, 7);
  return episode;
}

class DemonstrationOutputTest : public testing::Test {
 protected:
  std::string file() const { return (folder_.path() / "demos.h5").string(); }
  std::string partial() const { return file() + ".partial"; }

 private:
  tests::TemporaryFolder folder_;
};

TEST_F(DemonstrationOutputTest, AppearsWhenItIsFinished) {
  DemonstrationOutput output(file());
  output.add(make_episode());
  output.add(make_episode());
  EXPECT_FALSE(std::filesystem::exists(file()));

  const std::string summary = output.finish();

  EXPECT_EQ(summary, file() + ": 2 episodes, 6 samples, 0.1 MB");
  EXPECT_EQ(load_demonstrations(file()).size(), 2u);
  EXPECT_FALSE(std::filesystem::exists(partial()));
}

TEST_F(DemonstrationOutputTest, LeavesNothingWhenItIsAbandoned) {
  {
    DemonstrationOutput output(file());
    output.add(make_episode());
    EXPECT_TRUE(std::filesystem::exists(partial()));
  }

  EXPECT_FALSE(std::filesystem::exists(file()));
  EXPECT_FALSE(std::filesystem::exists(partial()));
}

TEST_F(DemonstrationOutputTest, KeepsThePartialFileWhenAskedTo) {
  {
    DemonstrationOutput output(file());
    output.add(make_episode());
    EXPECT_EQ(output.keep_partial(),
              "interrupted; kept " + partial() + ": 1 episodes, 3 samples, 0.0 MB");
  }

  EXPECT_EQ(load_demonstrations(partial()).size(), 1u);
}

TEST_F(DemonstrationOutputTest, KeepsTheEpisodesWhenTheFileCannotHaveItsName) {
  {
    DemonstrationOutput output(file());
    output.add(make_episode());
    std::filesystem::create_directory(file());
    EXPECT_EQ(
        tests::error_of([&] { output.finish(); }),
        file() + ": file: cannot be written: Is a directory; the episodes are in " + partial());
  }

  EXPECT_EQ(load_demonstrations(partial()).size(), 1u);
}

TEST_F(DemonstrationOutputTest, ReplacesThePartialFileOfAnAttemptThatWasKilled) {
  std::ofstream(partial()) << "rest";

  DemonstrationOutput output(file());
  output.add(make_episode());
  output.finish();

  EXPECT_EQ(load_demonstrations(file()).size(), 1u);
}

TEST_F(DemonstrationOutputTest, NeverReplacesAFileNorALink) {
  std::filesystem::create_symlink("nowhere", file());

  EXPECT_THROW(DemonstrationOutput{file()}, std::runtime_error);
  EXPECT_FALSE(std::filesystem::exists(partial()));
}

TEST_F(DemonstrationOutputTest, SaysWhenAnAttemptThatWasKilledLeftEpisodes) {
  DemonstrationOutput::require_no_partial(file());
  { const DemonstrationWriter killed_at_once(partial()); }
  DemonstrationOutput::require_no_partial(file());
  {
    DemonstrationOutput killed(file());
    killed.add(make_episode());
    killed.keep_partial();
  }

  EXPECT_EQ(tests::error_of([&] { DemonstrationOutput::require_no_partial(file()); }),
            partial() +
                ": file: expected none, got the episodes of a killed recording (1); rename it to "
                "keep them");
}

TEST_F(DemonstrationOutputTest, SaysWhenAnotherOneIsBeingWritten) {
  DemonstrationOutput another(file());
  another.add(make_episode());

  EXPECT_EQ(tests::error_of([&] { DemonstrationOutput::require_no_partial(file()); }),
            partial() +
                ": file: expected a finished one, got one that is being written; rename or remove "
                "it unless another recording is writing it");
}

TEST_F(DemonstrationOutputTest, SaysWhenWhatAnAttemptLeftCannotBeRead) {
  std::ofstream(partial()) << "no demonstrations";

  const auto message = tests::error_of([&] { DemonstrationOutput::require_no_partial(file()); });

  EXPECT_EQ(message.rfind(partial() + ": file: expected demonstrations in HDF5, got ", 0), 0u)
      << message;
  EXPECT_TRUE(std::filesystem::exists(partial()));
}

}  // namespace
}  // namespace mint::training
