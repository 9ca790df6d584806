// A gzip file as a stream of bytes, for readers of untrusted files: every failure is one
// std::runtime_error of the form `file: byte N: expected X, got Y`, where N counts uncompressed
// bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mint::training {

class GzipReader {
 public:
  // Refuses a file that is missing or not gzip, and later to read beyond `limit` bytes, so that a
  // small file cannot keep the program busy for hours.
  GzipReader(const std::filesystem::path& file, uint64_t limit);
  ~GzipReader();
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;

  uint64_t position() const { return position_; }

  uint8_t byte() {
    if (next_ == end_) fill();
    ++position_;
    return buffer_[next_++];
  }
  void read(void* out, size_t size);

  // Throws unless everything was read and the checksum is right.
  void expect_end();

  [[noreturn]] void fail(uint64_t position, const std::string& expected,
                         const std::string& got) const;

 private:
  void fill();    // at least one byte, or throws
  bool refill();  // false at the end of an intact file

  std::string name_;
  uint64_t limit_;
  void* stream_;  // zlib's gzFile
  std::vector<uint8_t> buffer_;
  size_t next_ = 0;
  size_t end_ = 0;
  uint64_t position_ = 0;
};

}  // namespace mint::training
