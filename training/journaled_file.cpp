#include "training/journaled_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <vector>

#include <zlib.h>

namespace mint::training {
namespace {

constexpr uint64_t kPageBytes = 4096;
constexpr std::array<char, 8> kMagic = {'M', 'i', 'n', 't', 'J', 'r', 'n', 'l'};
constexpr int kLockAttempts = 20;
constexpr useconds_t kLockPause_us = 25000;

// The last bytes of a journal, in the machine's byte order: little-endian wherever we run.
struct JournalEnd {
  uint64_t page_count = 0;
  uint64_t first_new = 0;
  uint64_t size = 0;
  uint64_t crc32 = 0;
  std::array<char, 8> magic{};
};
constexpr size_t kCrcOffset = offsetof(JournalEnd, crc32);

[[noreturn]] void fail(int reason = errno) {
  throw std::system_error(reason, std::generic_category());
}

uint64_t round_up(uint64_t bytes) {
  return (bytes + kPageBytes - 1) / kPageBytes * kPageBytes;
}

// Bytes beyond the end of the file are zeros.
void read_at(int descriptor, uint64_t offset, size_t size, void* bytes) {
  char* to = static_cast<char*>(bytes);
  while (size > 0) {
    const ssize_t count = ::pread(descriptor, to, size, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail();
    if (count == 0) break;
    to += count;
    offset += static_cast<uint64_t>(count);
    size -= static_cast<size_t>(count);
  }
  if (size > 0) std::memset(to, 0, size);  // of no bytes, `to` may be null
}

void write_at(int descriptor, uint64_t offset, size_t size, const void* bytes) {
  const char* from = static_cast<const char*>(bytes);
  while (size > 0) {
    const ssize_t count = ::pwrite(descriptor, from, size, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail();
    from += count;
    offset += static_cast<uint64_t>(count);
    size -= static_cast<size_t>(count);
  }
}

void synchronise(int descriptor) {
  if (::fdatasync(descriptor) != 0) fail();
}

void resize(int descriptor, uint64_t size) {
  if (::ftruncate(descriptor, static_cast<off_t>(size)) != 0) fail();
}

uint64_t size_of(int descriptor) {
  struct stat status;
  if (::fstat(descriptor, &status) != 0) fail();
  return static_cast<uint64_t>(status.st_size);
}

uLong crc_of(int descriptor, uint64_t begin, uint64_t end) {
  std::vector<Bytef> block(1 << 16);
  uLong crc = 0;
  while (begin < end) {
    const size_t size = std::min<uint64_t>(block.size(), end - begin);
    read_at(descriptor, begin, size, block.data());
    crc = crc32_z(crc, block.data(), size);
    begin += size;
  }
  return crc;
}

// Waits a little, since a reader that completes a commit needs a moment. A file system without
// locks is none of our business.
bool lock(int descriptor, int kind) {
  for (int attempt = 0; attempt < kLockAttempts; ++attempt) {
    if (::flock(descriptor, kind | LOCK_NB) == 0 || errno != EWOULDBLOCK) return true;
    ::usleep(kLockPause_us);
  }
  return false;
}

// The second half of a commit.
template <class Pages>
void apply(int descriptor, const Pages& pages, uint64_t size) {
  for (const auto& [number, page] : pages)
    write_at(descriptor, number * kPageBytes, page.size(), page.data());
  if (!pages.empty()) synchronise(descriptor);
  // Need not be waited for: a journal that comes back writes the same pages again.
  resize(descriptor, size);
}

struct Journal {
  std::map<uint64_t, std::vector<char>> pages;  // by number
  uint64_t size = 0;                            // bytes of the file without the journal
};

// None when the file does not end with a whole journal.
std::optional<Journal> find_journal(int descriptor) {
  const uint64_t file_size = size_of(descriptor);
  JournalEnd end;
  if (file_size < sizeof end) return std::nullopt;
  const uint64_t end_begin = file_size - sizeof end;
  read_at(descriptor, end_begin, sizeof end, &end);
  if (end.magic != kMagic || end.page_count > end_begin / (kPageBytes + sizeof(uint64_t)))
    return std::nullopt;
  const uint64_t begin = end_begin - end.page_count * (kPageBytes + sizeof(uint64_t));
  if (end.first_new > begin || end.size > begin ||
      crc_of(descriptor, end.first_new, end_begin + kCrcOffset) != end.crc32)
    return std::nullopt;

  Journal journal;
  journal.size = end.size;
  std::vector<uint64_t> numbers(end.page_count);
  read_at(descriptor, begin + end.page_count * kPageBytes, numbers.size() * sizeof(uint64_t),
          numbers.data());
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] >= end.first_new / kPageBytes) return std::nullopt;
    auto& page = journal.pages[numbers[i]];
    page.resize(kPageBytes);
    read_at(descriptor, begin + i * kPageBytes, kPageBytes, page.data());
  }
  return journal;
}

// Closed at the end of a scope.
struct Descriptor {
  explicit Descriptor(int descriptor) : value(descriptor) {}
  ~Descriptor() {
    if (value >= 0) ::close(value);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  const int value;
};

bool ends_with_journal(const std::string& file) {
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.value < 0) return false;
  if (!lock(descriptor.value, LOCK_SH)) fail(EWOULDBLOCK);
  return find_journal(descriptor.value).has_value();
}

}  // namespace

JournaledFile::JournaledFile(const std::string& file)
    : descriptor_(::open(file.c_str(), O_RDWR | O_CLOEXEC)) {
  if (descriptor_ < 0) fail();
  int reason = 0;
  if (!lock(descriptor_, LOCK_EX)) reason = EWOULDBLOCK;
  if (reason == 0 && ::lseek(descriptor_, 0, SEEK_END) != 0) reason = EEXIST;
  if (reason == 0) return;
  ::close(descriptor_);
  fail(reason);
}

JournaledFile::~JournaledFile() {
  if (has_new_bytes_ && !is_applying_) {
    // What lies beyond the committed part means nothing, should it stay.
    [[maybe_unused]] const int ignored =
        ::ftruncate(descriptor_, static_cast<off_t>(committed_size_));
  }
  ::close(descriptor_);
}

void JournaledFile::read(uint64_t offset, size_t size, void* bytes) const {
  read_at(descriptor_, offset, size, bytes);
  for (auto page = pages_.lower_bound(offset / kPageBytes);
       page != pages_.end() && page->first * kPageBytes < offset + size; ++page) {
    const uint64_t start = page->first * kPageBytes;
    const uint64_t begin = std::max(offset, start);
    const uint64_t end = std::min(offset + size, start + kPageBytes);
    std::memcpy(static_cast<char*>(bytes) + (begin - offset), page->second.data() + (begin - start),
                end - begin);
  }
}

void JournaledFile::write(uint64_t offset, size_t size, const void* bytes) {
  has_new_bytes_ = true;
  const char* from = static_cast<const char*>(bytes);
  const uint64_t first_new = round_up(committed_size_);
  while (size > 0 && offset < first_new) {
    const uint64_t start = offset % kPageBytes;
    const size_t count = std::min<uint64_t>(size, kPageBytes - start);
    std::memcpy(changed_page(offset / kPageBytes).data() + start, from, count);
    from += count;
    offset += count;
    size -= count;
  }
  write_at(descriptor_, offset, size, from);
}

JournaledFile::Page& JournaledFile::changed_page(uint64_t number) {
  const auto [place, is_new] = pages_.try_emplace(number);
  if (is_new) read_at(descriptor_, number * kPageBytes, kPageBytes, place->second.data());
  return place->second;
}

void JournaledFile::commit(uint64_t size) {
  if (!has_new_bytes_ && size == committed_size_) return;
  has_new_bytes_ = true;
  const uint64_t first_new = round_up(committed_size_);
  const uint64_t end = round_up(std::max(size, committed_size_));
  resize(descriptor_, end);
  // No holes: copying pages to their places must not find the disk full.
  if (end > first_new) {
    const int reason = ::posix_fallocate(descriptor_, static_cast<off_t>(first_new),
                                         static_cast<off_t>(end - first_new));
    if (reason != 0) fail(reason);
  }
  if (!pages_.empty()) {
    const std::string bytes = journal(size, first_new, end);
    write_at(descriptor_, end, bytes.size(), bytes.data());
  }
  synchronise(descriptor_);
  is_applying_ = true;
  apply(descriptor_, pages_, size);
  is_applying_ = false;
  has_new_bytes_ = false;
  committed_size_ = size;
  pages_.clear();
}

std::string JournaledFile::journal(uint64_t size, uint64_t first_new, uint64_t end) const {
  std::string bytes;
  for (const auto& [number, page] : pages_) bytes.append(page.data(), page.size());
  for (const auto& [number, page] : pages_)
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
  JournalEnd last;
  last.page_count = pages_.size();
  last.first_new = first_new;
  last.size = size;
  bytes.append(reinterpret_cast<const char*>(&last), kCrcOffset);
  last.crc32 = crc32_z(crc_of(descriptor_, first_new, end),
                       reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  last.magic = kMagic;
  return bytes.append(reinterpret_cast<const char*>(&last) + kCrcOffset, sizeof last - kCrcOffset);
}

void complete_commit(const std::string& file) {
  const auto refuse_busy = [&] {
    throw std::runtime_error(file +
                             ": file: expected a finished one, got one that is being "
                             "written");
  };
  try {
    if (!ends_with_journal(file)) return;
  } catch (const std::system_error& error) {
    if (error.code().value() == EWOULDBLOCK) refuse_busy();
    return;  // who opens it says what is wrong
  }
  const Descriptor descriptor(::open(file.c_str(), O_RDWR | O_CLOEXEC));
  if (descriptor.value < 0)
    throw std::runtime_error(file + ": journal: expected a file that can be written, to complete " +
                             "its last change, got: " + std::strerror(errno));
  if (!lock(descriptor.value, LOCK_EX)) refuse_busy();
  try {
    // Looked for again: another reader may have been faster.
    const auto journal = find_journal(descriptor.value);
    if (journal) apply(descriptor.value, journal->pages, journal->size);
  } catch (const std::system_error& error) {
    throw std::runtime_error(file + ": journal: cannot be applied: " + error.code().message());
  }
}

}  // namespace mint::training
