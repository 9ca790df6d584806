#include "training/atomic_file.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;
using tests::error_of;
using tests::TemporaryFolder;

size_t entries_in(const fs::path& folder) {
  return static_cast<size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(AtomicFile, HoldsTheBytesAndLeavesNothingElse) {
  TemporaryFolder folder;
  const fs::path file = folder.path() / "a";
  write_file_atomically(file, "old");

  write_file_atomically(file, std::string("new\0bytes", 9));

  EXPECT_EQ(read_file(file), std::string("new\0bytes", 9));
  EXPECT_EQ(entries_in(folder.path()), 1u);
}

TEST(AtomicFile, ErrorsNamePathAndReason) {
  EXPECT_EQ(error_of([] { write_file_atomically("/nowhere/a", "x"); }),
            "/nowhere/a: cannot be created: No such file or directory");
  EXPECT_EQ(error_of([] { read_file("/nowhere/a"); }),
            "/nowhere/a: cannot be read: No such file or directory");
  EXPECT_EQ(error_of([] { read_file("/tmp"); }), "/tmp: cannot be read: not a regular file");
  EXPECT_EQ(error_of([] { write_file_atomically("/dev/full/a", "x"); }),
            "/dev/full/a: cannot be created: Not a directory");
}

TEST(AtomicFile, ALinkReplacesNoFolder) {
  TemporaryFolder folder;
  fs::create_directory(folder.path() / "last");

  EXPECT_EQ(error_of([&] { link_atomically(folder.path() / "last", "7"); }),
            (folder.path() / "last").string() + ": expected a link or nothing, got a folder");
}

TEST(AtomicFile, AKilledWriterLeavesTheOldOrTheNewFile) {
  TemporaryFolder folder;
  const fs::path file = folder.path() / "a";
  const std::string old_bytes(200000, 'o');
  const std::string new_bytes(200000, 'n');
  for (int delay_us = 0; delay_us < 2000; delay_us += 100) {
    write_file_atomically(file, old_bytes);
    const pid_t pid = fork();
    if (pid == 0) {
      for (;;) {
        write_file_atomically(file, new_bytes);
        write_file_atomically(file, old_bytes);
      }
    }
    usleep(static_cast<useconds_t>(delay_us));
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);

    const std::string bytes = read_file(file);
    EXPECT_TRUE(bytes == old_bytes || bytes == new_bytes);
  }
}

TEST(PublishFolder, AppearsWithAllItsFilesAndReplacesAnOlderOne) {
  TemporaryFolder folder;
  const fs::path target = folder.path() / "7";
  publish_folder(target, [](const fs::path& f) { write_file_atomically(f / "old", "1"); });

  publish_folder(target, [](const fs::path& f) { write_file_atomically(f / "new", "2"); });

  EXPECT_EQ(read_file(target / "new"), "2");
  EXPECT_FALSE(fs::exists(target / "old"));
  EXPECT_EQ(entries_in(folder.path()), 1u);
}

TEST(PublishFolder, LeavesTheOlderOneWhenFillingFails) {
  TemporaryFolder folder;
  const fs::path target = folder.path() / "7";
  publish_folder(target, [](const fs::path& f) { write_file_atomically(f / "old", "1"); });

  EXPECT_THROW(publish_folder(target,
                              [](const fs::path& f) {
                                write_file_atomically(f / "new", "2");
                                throw std::runtime_error("no");
                              }),
               std::runtime_error);

  EXPECT_EQ(read_file(target / "old"), "1");
  EXPECT_EQ(entries_in(folder.path()), 1u);
}

TEST(LinkAtomically, PointsAtTheNewestTarget) {
  TemporaryFolder folder;
  const fs::path link = folder.path() / "last";
  link_atomically(link, "checkpoints/1");

  link_atomically(link, "checkpoints/2");

  EXPECT_EQ(fs::read_symlink(link), "checkpoints/2");
  EXPECT_EQ(entries_in(folder.path()), 1u);
}

}  // namespace
}  // namespace mint::training
