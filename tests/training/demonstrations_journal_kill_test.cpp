// Every state in which a killed program or a machine without power can leave a file of
// demonstrations: what the writer asks of the system is recorded and repeated in part.
#include <dlfcn.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "envs/random.h"
#include "tests/support/error_of.h"
#include "tests/support/files.h"
#include "tests/support/small_episode.h"
#include "tests/support/temporary_folder.h"
#include "training/demonstrations.h"

namespace {

struct Operation {
  enum Kind { kWrite, kResize, kExtend, kSync } kind;
  uint64_t offset = 0;  // of a write; of the others the new size
  std::string bytes;    // of a write
};

std::vector<Operation>* recorder = nullptr;  // nothing is recorded without one

void record(Operation::Kind kind, off_t offset, const void* bytes = nullptr, size_t size = 0) {
  if (recorder)
    recorder->push_back(
        {kind, static_cast<uint64_t>(offset), std::string(static_cast<const char*>(bytes), size)});
}

}  // namespace

// In place of the C library's, for the whole test program.
extern "C" {

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
  record(Operation::kWrite, offset, bytes, size);
  return syscall(SYS_pwrite64, descriptor, bytes, size, offset);
}

int ftruncate(int descriptor, off_t size) noexcept {
  record(Operation::kResize, size);
  return static_cast<int>(syscall(SYS_ftruncate, descriptor, size));
}

int posix_fallocate(int descriptor, off_t offset, off_t size) {
  record(Operation::kExtend, offset + size);
  // Not a call of the system alone: the C library helps where the file system cannot.
  static const auto real =
      reinterpret_cast<int (*)(int, off_t, off_t)>(dlsym(RTLD_NEXT, "posix_fallocate"));
  return real(descriptor, offset, size);
}

int fdatasync(int descriptor) {
  record(Operation::kSync, 0);
  return static_cast<int>(syscall(SYS_fdatasync, descriptor));
}

}  // extern "C"

namespace mint::training {
namespace {

using tests::error_of;
using tests::read_file;
using tests::small_episode;
using tests::write_file;

constexpr size_t kPageBytes = 4096;

void repeat(std::string& file, const Operation& operation, size_t begin, size_t end) {
  if (operation.kind == Operation::kResize) file.resize(operation.offset);
  if (operation.kind == Operation::kExtend)
    file.resize(std::max<size_t>(file.size(), operation.offset));
  if (operation.kind != Operation::kWrite || begin == end) return;
  file.resize(std::max<size_t>(file.size(), operation.offset + end));
  file.replace(operation.offset + begin, end - begin, operation.bytes, begin, end - begin);
}

void repeat(std::string& file, const Operation& operation) {
  repeat(file, operation, 0, operation.bytes.size());
}

// One change of a file of demonstrations.
struct Change {
  std::string before;  // the whole file
  std::vector<Operation> operations;
  std::string after;
  size_t episodes_before = 0;
  size_t episodes_after = 0;

  // Which commits twice.
  bool is_closing() const { return episodes_before == episodes_after; }

  // The number of operations until the journal is on the disk.
  size_t until_journal() const {
    const auto sync = std::find_if(operations.begin(), operations.end(),
                                   [](const Operation& o) { return o.kind == Operation::kSync; });
    return static_cast<size_t>(sync - operations.begin()) + 1;
  }

  std::string state_after(size_t count) const {
    std::string file = before;
    for (size_t i = 0; i < count; ++i) repeat(file, operations[i]);
    return file;
  }
};

class DemonstrationsJournal : public testing::Test {
 protected:
  DemonstrationsJournal() : file_(folder_.path() / "demos.h5") {
    DemonstrationWriter writer(file_);
    for (size_t i = 0; i < 3; ++i) record_change(i, i + 1, [&] { writer.add(small_episode(i)); });
    record_change(3, 3, [&] { writer.close(); });
  }
  ~DemonstrationsJournal() override { recorder = nullptr; }

  void record_change(size_t before, size_t after, const std::function<void()>& change) {
    Change& made = changes_.emplace_back();
    made.before = read_file(file_);
    recorder = &made.operations;
    change();
    recorder = nullptr;
    made.after = read_file(file_);
    made.episodes_before = before;
    made.episodes_after = after;
  }

  // That `state` holds the episodes from before the change or those from after it; which of them
  // the file tells afterwards. Returns whether it was completed.
  bool expect_before_or_after(const Change& change, const std::string& state) {
    write_file(file_, state);
    const auto episodes = load_demonstrations(file_);
    const std::string file = read_file(file_);
    const bool is_after = file == change.after;
    EXPECT_TRUE(is_after || change.is_closing() ||
                file.compare(0, change.before.size(), change.before) == 0);
    EXPECT_EQ(episodes.size(), is_after ? change.episodes_after : change.episodes_before);
    tests::expect_small_episodes(episodes);
    return is_after && state != change.after;
  }

  // A file with a whole journal of which nothing was copied to its place yet.
  const Change& write_journaled() {
    write_file(file_, changes_[1].state_after(changes_[1].until_journal()));
    return changes_[1];
  }

  tests::TemporaryFolder folder_;
  std::string file_;
  std::vector<Change> changes_;  // three episodes and closing
};

TEST_F(DemonstrationsJournal, TheRecordedOperationsMakeTheFile) {
  for (const Change& change : changes_)
    EXPECT_EQ(change.state_after(change.operations.size()), change.after);
}

// The kernel stops between the pages of a write; other places are tried as well.
TEST_F(DemonstrationsJournal, AKillAtAnyPointLeavesTheEpisodesFromBeforeOrAfter) {
  size_t states = 0;
  size_t completed = 0;
  for (const Change& change : changes_) {
    bool was_after = false;
    std::string file = change.before;
    for (const Operation& operation : change.operations) {
      const size_t size = operation.bytes.size();
      for (size_t cut = 0; cut <= size; cut += cut % kPageBytes == 0 ? 1367 : kPageBytes - 1367) {
        std::string torn = file;
        repeat(torn, operation, 0, std::min(cut, size));
        const bool is_completed = expect_before_or_after(change, torn);
        const bool is_after = is_completed || torn == change.after;
        ASSERT_FALSE(HasFailure()) << "operation " << &operation - change.operations.data()
                                   << " of " << change.operations.size() << ", byte " << cut;
        ASSERT_TRUE(is_after || !was_after || change.is_closing())
            << "the episode was there before";
        was_after = is_after;
        ++states;
        completed += is_completed;
      }
      repeat(file, operation);
    }
    ASSERT_TRUE(was_after);
  }
  EXPECT_GT(completed, 0u);
  std::printf("%zu states, %zu of them completed\n", states, completed);
}

// Of what was not waited for, any pages may be missing.
TEST_F(DemonstrationsJournal, ALossOfPowerAtAnyPointLeavesTheEpisodesFromBeforeOrAfter) {
  envs::Random random(7);
  for (const Change& change : changes_) {
    for (size_t count = 1; count <= change.operations.size(); ++count) {
      size_t synced = count;
      while (synced > 0 && change.operations[synced - 1].kind != Operation::kSync) --synced;
      for (int draw = 0; draw < 8; ++draw) {
        std::string file = change.state_after(synced);
        for (size_t i = synced; i < count; ++i) {
          const Operation& operation = change.operations[i];
          const size_t size = std::max<size_t>(1, operation.bytes.size());
          for (size_t begin = 0; begin < size; begin += kPageBytes)
            if (random.below(2) == 0)
              repeat(file, operation, begin, std::min(operation.bytes.size(), begin + kPageBytes));
        }
        expect_before_or_after(change, file);
        ASSERT_FALSE(HasFailure()) << count << " operations, " << synced << " on disk";
      }
    }
  }
}

TEST_F(DemonstrationsJournal, AReaderThatIsKilledWhileItCompletesAFileDoesNoHarm) {
  const Change& change = write_journaled();
  Change completion;
  completion.before = read_file(file_);
  recorder = &completion.operations;
  load_demonstrations(file_);
  recorder = nullptr;
  ASSERT_EQ(read_file(file_), change.after);
  ASSERT_GT(completion.operations.size(), 3u);

  for (size_t count = 0; count < completion.operations.size(); ++count) {
    EXPECT_TRUE(expect_before_or_after(change, completion.state_after(count))) << count;
    const Operation& next = completion.operations[count];
    if (next.kind != Operation::kWrite) continue;
    std::string torn = completion.state_after(count);
    repeat(torn, next, 0, next.bytes.size() / 2);
    EXPECT_TRUE(expect_before_or_after(change, torn)) << count;
  }
}

TEST_F(DemonstrationsJournal, ADamagedJournalMeansNothingBeforeItIsUsed) {
  const Change& change = write_journaled();
  const std::string whole = read_file(file_);
  const size_t first_new = (change.before.size() + kPageBytes - 1) / kPageBytes * kPageBytes;
  for (size_t place = first_new; place < whole.size(); place += 509) {
    std::string damaged = whole;
    damaged[place] = static_cast<char>(damaged[place] ^ 4);

    EXPECT_FALSE(expect_before_or_after(change, damaged)) << place;
  }
  for (size_t from_end = 1; from_end <= 64; ++from_end) {  // its fields
    std::string damaged = whole;
    damaged[whole.size() - from_end] = static_cast<char>(damaged[whole.size() - from_end] ^ 4);

    EXPECT_FALSE(expect_before_or_after(change, damaged)) << from_end;
  }
}

TEST_F(DemonstrationsJournal, ADamagedJournalOfAHalfChangedFileIsOneLine) {
  const Change& change = changes_[1];
  size_t refused = 0;
  for (size_t count = change.until_journal(); count + 1 < change.operations.size(); ++count) {
    std::string torn = change.state_after(count);
    torn[torn.size() - 100] = static_cast<char>(torn[torn.size() - 100] ^ 4);
    write_file(file_, torn);

    const std::string error = error_of([&] {
      const auto episodes = load_demonstrations(file_);
      tests::expect_small_episodes(episodes);
    });

    if (error == "no error") continue;
    ++refused;
    EXPECT_EQ(error.rfind(file_ + ": ", 0), 0u) << error;
  }
  EXPECT_GT(refused, 0u);
}

TEST_F(DemonstrationsJournal, AFileIsNotCompletedWhileItIsWritten) {
  write_journaled();
  const std::string state = read_file(file_);
  const int writer = ::open(file_.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(::flock(writer, LOCK_EX), 0);

  EXPECT_EQ(error_of([&] { load_demonstrations(file_); }),
            file_ + ": file: expected a finished one, got one that is being written");
  EXPECT_EQ(read_file(file_), state);

  ::close(writer);
  EXPECT_EQ(load_demonstrations(file_).size(), 2u);
}

TEST_F(DemonstrationsJournal, AFileThatCannotBeCompletedIsOneLine) {
  write_journaled();
  const std::string state = read_file(file_);
  ::chmod(folder_.path().c_str(), 0755);
  ::chmod(file_.c_str(), 0444);
  const bool is_root = ::geteuid() == 0;  // who may write everything
  if (is_root && ::seteuid(65534) != 0) GTEST_SKIP() << "cannot become another user";

  const std::string error = error_of([&] { load_demonstrations(file_); });

  if (is_root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  EXPECT_EQ(error, file_ +
                       ": journal: expected a file that can be written, to complete its last "
                       "change, got: Permission denied");
  EXPECT_EQ(read_file(file_), state);
}

// Adds episodes until an error that ends with `reason` and returns how many there are then.
size_t add_until_error(const std::string& file, const std::string& reason) {
  size_t added = 0;
  const std::string error = error_of([&] {
    DemonstrationWriter writer(file);
    for (;; ++added) writer.add(small_episode(added));
  });
  const std::string kept = "; the " + std::to_string(added) + " episodes before it are kept";
  EXPECT_EQ(error.rfind(file + ": ", 0), 0u) << error;
  if (std::filesystem::exists(file)) {
    EXPECT_NE(error.find(reason + kept), std::string::npos) << error;
  }
  return added;
}

void expect_kept(const std::string& file, size_t added) {
  if (!std::filesystem::exists(file)) return;  // not even an empty one could be written
  const auto episodes = load_demonstrations(file);
  EXPECT_EQ(episodes.size(), added);
  tests::expect_small_episodes(episodes);
}

// Runs `child` in a process of its own. Returns its exit code: 1 when an expectation failed in it.
int exit_code_of(const std::function<void()>& child) {
  const pid_t process = fork();
  if (process == 0) {
    child();
    _exit(testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  waitpid(process, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

TEST_F(DemonstrationsJournal, ALimitOfTheFileSizeKeepsTheEpisodesAndNoByteMore) {
  for (size_t limit = 20000; limit < 160000; limit += 5003) {
    const std::string file = folder_.path() / (std::to_string(limit) + ".h5");

    const int exit_code = exit_code_of([&] {
      signal(SIGXFSZ, SIG_IGN);
      const rlimit bytes{limit, limit};
      setrlimit(RLIMIT_FSIZE, &bytes);
      const size_t added = add_until_error(file, "File too large");
      expect_kept(file, added);
      if (added == 2) {
        EXPECT_EQ(read_file(file), changes_[1].after);
      }
    });

    EXPECT_EQ(exit_code, 0) << limit;
  }
}

TEST_F(DemonstrationsJournal, AFullDiskKeepsTheEpisodes) {
  constexpr int kCannotMount = 77;
  for (size_t disk = 16384; disk < 200000; disk += kPageBytes) {
    const int exit_code = exit_code_of([&] {
      const std::string size = "size=" + std::to_string(disk);
      // A disk that this process alone sees.
      if (::unshare(CLONE_NEWNS) != 0 ||
          ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
          ::mount("none", folder_.path().c_str(), "tmpfs", 0, size.c_str()) != 0)
        _exit(kCannotMount);
      const size_t added = add_until_error(file_, "No space left on device");
      expect_kept(file_, added);
    });

    if (exit_code == kCannotMount) GTEST_SKIP() << "only root can mount a small disk";
    EXPECT_EQ(exit_code, 0) << disk;
  }
}

}  // namespace
}  // namespace mint::training
