#include "training/demonstrations.h"

#include <gtest/gtest.h>
#include <hdf5.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <future>
#include <stdexcept>

#include "tests/support/error_of.h"
#include "tests/support/files.h"
#include "tests/support/small_episode.h"
#include "tests/support/temporary_folder.h"

namespace mint::training {
namespace {

using tests::error_of;
using tests::expect_equal;
using tests::read_file;
using tests::small_episode;
using tests::TemporaryFolder;
using tests::write_file;

void write_episodes(const std::string& file, int episodes) {
  DemonstrationWriter writer(file);
  for (int i = 0; i < episodes; ++i) writer.add(small_episode(static_cast<uint64_t>(i)));
  writer.close();
}

// Runs `child` in a process of its own and returns how it ended.
int run_child(const std::function<void()>& child) {
  const pid_t pid = fork();
  if (pid == 0) {
    child();
    _exit(0);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return status;
}

TEST(Demonstrations, ComeBackAsTheyWereWritten) {
  TemporaryFolder folder;
  const std::string file = folder.path() / "demos.h5";
  const std::vector<Episode> written = {small_episode(1), small_episode(2, 1), small_episode(3),
                                        small_episode(18446744073709551615u, 30, false)};
  DemonstrationWriter writer(file);
  for (const auto& episode : written) writer.add(episode);
  writer.close();

  const auto read = load_demonstrations(file);

  ASSERT_EQ(read.size(), 4u);
  for (size_t i = 0; i < 4; ++i) expect_equal(read[i], written[i]);
}

TEST(Demonstrations, ListingTellsWhatAFileHoldsInTheOrderOfWriting) {
  TemporaryFolder folder;
  const std::string file = folder.path() / "demos.h5";
  write_episodes(file, 12);

  const auto list = list_demonstrations(file);

  ASSERT_EQ(list.size(), 12u);
  EXPECT_EQ(list[2].name, "demo_2");
  EXPECT_EQ(list[11].name, "demo_11");
  EXPECT_EQ(list[11].env_name, "MoveToCorner-Demo-v0");
  EXPECT_EQ(list[11].seed, 11u);
  EXPECT_EQ(list[11].actions, small_episode(11).actions);
  EXPECT_TRUE(list[11].executed_actions.empty());
  EXPECT_EQ(list[9].executed_actions, small_episode(9).executed_actions);
  EXPECT_EQ(list[11].height, 6);
  EXPECT_EQ(list[11].width, 4);
  EXPECT_TRUE(list[11].has_states);
}

TEST(Demonstrations, TheSameEpisodesGiveTheSameBytes) {
  TemporaryFolder folder;
  write_episodes(folder.path() / "a.h5", 4);
  const std::vector<char> other_heap(100000, 'x');
  write_episodes(folder.path() / "b.h5", 4);

  EXPECT_EQ(read_file(folder.path() / "a.h5"), read_file(folder.path() / "b.h5"));
}

TEST(Demonstrations, AreReadableBeforeTheWriterIsClosed) {
  TemporaryFolder folder;
  const std::string file = folder.path() / "demos.h5";
  DemonstrationWriter writer(file);
  writer.add(small_episode(1));
  std::filesystem::copy_file(file, folder.path() / "copy.h5");

  const auto read = load_demonstrations(folder.path() / "copy.h5");

  ASSERT_EQ(read.size(), 1u);
  expect_equal(read[0], small_episode(1));
}

TEST(Demonstrations, SeveralThreadsReadAndWriteAtOnce) {
  TemporaryFolder folder;
  const std::string file = folder.path() / "demos.h5";
  write_episodes(file, 4);
  std::vector<std::future<std::vector<Episode>>> readers;

  for (int i = 0; i < 4; ++i) {
    readers.push_back(std::async(std::launch::async, [&, i] {
      write_episodes(folder.path() / (std::to_string(i) + ".h5"), 4);
      std::vector<Episode> episodes;
      for (int repeat = 0; repeat < 10; ++repeat) episodes = load_demonstrations(file);
      return episodes;
    }));
  }

  for (auto& reader : readers) {
    const auto episodes = reader.get();
    ASSERT_EQ(episodes.size(), 4u);
    for (uint64_t i = 0; i < 4; ++i) expect_equal(episodes[i], small_episode(i));
  }
}

TEST(Demonstrations, AFullDiskIsOneLineAndKeepsTheFinishedEpisodes) {
  TemporaryFolder folder;
  const std::string whole = folder.path() / "whole.h5";
  write_episodes(whole, 3);
  const auto size = static_cast<rlim_t>(std::filesystem::file_size(whole));
  const std::string file = folder.path() / "demos.h5";
  const std::string log = folder.path() / "log";
  for (rlim_t limit = 27000; limit < size; limit += 3911) {
    const int status = run_child([&] {
      signal(SIGXFSZ, SIG_IGN);
      const rlimit bytes{limit, limit};
      setrlimit(RLIMIT_FSIZE, &bytes);
      int finished = 0;
      std::string error;
      try {
        DemonstrationWriter writer(file);
        for (; finished < 3; ++finished) writer.add(small_episode(static_cast<uint64_t>(finished)));
        writer.close();
      } catch (const std::exception& e) {
        error = e.what();
      }
      write_file(log, std::to_string(finished) + error);
      // As HDF5's exit handler does, which must not spoil the file. Not the handlers of all
      // libraries: threads that they wait for are not there in a forked process.
      H5close();
    });
    ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << limit;
    const std::string text = read_file(log);
    EXPECT_NE(text.find("File too large"), std::string::npos) << limit << ": " << text;
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
    if (std::filesystem::exists(file)) {
      const auto episodes = load_demonstrations(file);
      ASSERT_EQ(episodes.size(), static_cast<size_t>(text[0] - '0')) << limit;
      for (size_t i = 0; i < episodes.size(); ++i) expect_equal(episodes[i], small_episode(i));
    }
    std::filesystem::remove(file);
  }
}

TEST(Demonstrations, RefuseToOverwrite) {
  TemporaryFolder folder;
  const std::string file = folder.path() / "demos.h5";
  write_file(file, "precious");

  EXPECT_EQ(error_of([&] { DemonstrationWriter writer(file); }),
            file + ": file: expected a new file, got an existing one");
  EXPECT_EQ(read_file(file), "precious");
}

TEST(Demonstrations, AMissingFolderIsNamed) {
  EXPECT_EQ(error_of([] { DemonstrationWriter writer("/nowhere/demos.h5"); }),
            "/nowhere/demos.h5: file: cannot be created: No such file or directory");
  EXPECT_EQ(error_of([] { load_demonstrations("/nowhere/demos.h5"); }),
            "/nowhere/demos.h5: file: cannot be read: No such file or directory");
}

TEST(Demonstrations, RefuseAnInconsistentEpisodeAndGoOn) {
  TemporaryFolder folder;
  const std::string file = folder.path() / "demos.h5";
  DemonstrationWriter writer(file);
  Episode short_frames = small_episode(1);
  short_frames.frames.pop_back();
  Episode bad_action = small_episode(1);
  bad_action.actions[2] = 18;
  Episode short_execution = small_episode(1);
  short_execution.executed_actions = {1, 2};

  EXPECT_EQ(error_of([&] { writer.add(short_frames); }),
            "Episode: frames: expected 432 bytes (one frame more than actions), got 431");
  EXPECT_EQ(error_of([&] { writer.add(bad_action); }),
            "Episode: actions: expected 0 to 17, got 18");
  EXPECT_EQ(error_of([&] { writer.add(short_execution); }),
            "Episode: executed_actions: expected none or 5, got 2");
  EXPECT_EQ(error_of([&] { writer.add(Episode{}); }),
            "Episode: actions: expected at least one, got none");
  writer.add(small_episode(1));
  writer.close();

  EXPECT_EQ(load_demonstrations(file).size(), 1u);
}

TEST(Demonstrations, AForeignFileIsOneLine) {
  TemporaryFolder folder;
  const std::string file = folder.path() / "demos.h5";
  for (const std::string bytes : {"", "not HDF5", "\x89HDF\r\n\x1a\n"}) {
    write_file(file, bytes);
    const std::string error = error_of([&] { load_demonstrations(file); });
    EXPECT_EQ(error.rfind(file + ": file: expected demonstrations in HDF5, got damage", 0), 0u)
        << error;
  }
  EXPECT_NE(error_of([&] { load_demonstrations(folder.path()); }), "no error");
}

TEST(Demonstrations, ATruncatedFileIsOneLineAtEveryLength) {
  TemporaryFolder folder;
  const std::string file = folder.path() / "demos.h5";
  write_episodes(file, 2);
  const std::string bytes = read_file(file);
  for (size_t length = 0; length < bytes.size(); length += 509) {
    write_file(file, bytes.substr(0, length));

    EXPECT_EQ(error_of([&] { load_demonstrations(file); }).rfind(file + ": ", 0), 0u) << length;
    EXPECT_EQ(error_of([&] { list_demonstrations(file); }).rfind(file + ": ", 0), 0u) << length;
  }
}

// A flipped bit is an error or, in bytes that mean nothing, no change of what matters.
TEST(Demonstrations, AFlippedBitNeverChangesFramesOrActionsUnnoticed) {
  TemporaryFolder folder;
  const std::string file = folder.path() / "demos.h5";
  write_episodes(file, 2);
  const std::string bytes = read_file(file);
  int noticed = 0;
  int tried = 0;
  for (size_t place = 0; place < bytes.size(); place += 211) {
    std::string flipped = bytes;
    flipped[place] = static_cast<char>(flipped[place] ^ (1 << (place % 8)));
    write_file(file, flipped);
    ++tried;
    try {
      const auto read = load_demonstrations(file);
      ASSERT_EQ(read.size(), 2u) << place;
      for (size_t i = 0; i < 2; ++i) {
        ASSERT_EQ(read[i].actions, small_episode(i).actions) << place;
        ASSERT_EQ(read[i].executed_actions, small_episode(i).executed_actions) << place;
        ASSERT_EQ(read[i].frames, small_episode(i).frames) << place;
        ASSERT_EQ(read[i].states, small_episode(i).states) << place;
      }
    } catch (const std::runtime_error& error) {
      ++noticed;
      EXPECT_EQ(std::string(error.what()).rfind(file + ": ", 0), 0u) << error.what();
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    }
  }
  EXPECT_GT(noticed, 0);
  std::printf("%d of %d flipped bits noticed\n", noticed, tried);
}

}  // namespace
}  // namespace mint::training
