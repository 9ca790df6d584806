#include "training/journaled_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <system_error>

#include "tests/support/error_of.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

namespace mint::training {
namespace {

using tests::read_file;
using tests::write_file;

class JournaledFileTest : public testing::Test {
 protected:
  JournaledFileTest() : name_(folder_.path() / "file") { write_file(name_, ""); }

  static void write(JournaledFile& file, uint64_t offset, const std::string& bytes) {
    file.write(offset, bytes.size(), bytes.data());
  }

  static std::string read(const JournaledFile& file, uint64_t offset, size_t size) {
    std::string bytes(size, '?');
    file.read(offset, size, bytes.data());
    return bytes;
  }

  tests::TemporaryFolder folder_;
  std::string name_;
};

TEST_F(JournaledFileTest, ReadsWhatWasWrittenBeforeItIsCommitted) {
  const std::string zeros(10000, '\0');
  JournaledFile file(name_);
  write(file, 0, zeros);
  file.commit(10000);

  write(file, 4090, "over a page's end");
  write(file, 9990, "over the file's end");

  EXPECT_EQ(read(file, 4085, 30),
            std::string(5, '\0') + "over a page's end" + std::string(8, '\0'));
  EXPECT_EQ(read(file, 9990, 25), "over the file's end" + std::string(6, '\0'));
  EXPECT_EQ(read_file(name_), zeros);
}

TEST_F(JournaledFileTest, CommitsAllChangesAndTheSize) {
  JournaledFile file(name_);
  write(file, 0, std::string(10000, 'a'));
  file.commit(10000);
  write(file, 4095, "bb");
  write(file, 12000, "c");

  file.commit(12001);
  const std::string longer = read_file(name_);
  write(file, 0, "d");
  file.commit(5000);

  EXPECT_EQ(longer,
            std::string(4095, 'a') + "bb" + std::string(5903, 'a') + std::string(2000, '\0') + "c");
  EXPECT_EQ(read_file(name_), "d" + longer.substr(1, 4999));
}

TEST_F(JournaledFileTest, ForgetsWhatWasNotCommitted) {
  {
    JournaledFile file(name_);
    write(file, 0, "committed");
    file.commit(9);
    write(file, 0, "changed");
    write(file, 9, std::string(10000, 'x'));
  }

  EXPECT_EQ(read_file(name_), "committed");
}

TEST_F(JournaledFileTest, IsANewFileOfOneWriter) {
  const JournaledFile file(name_);
  EXPECT_THROW(JournaledFile{name_}, std::system_error);

  const std::string old = folder_.path() / "old";
  write_file(old, "precious");
  EXPECT_THROW(JournaledFile{old}, std::system_error);
  EXPECT_EQ(read_file(old), "precious");
}

TEST_F(JournaledFileTest, CompletingLeavesOtherFilesAlone) {
  write_file(name_, std::string(5000, 'x') + "MintJrnl");

  complete_commit(name_);
  complete_commit(folder_.path());
  complete_commit("/nowhere/file");

  EXPECT_EQ(read_file(name_), std::string(5000, 'x') + "MintJrnl");
}

}  // namespace
}  // namespace mint::training
