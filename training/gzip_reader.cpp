#include "training/gzip_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <zlib.h>

namespace mint::training {
namespace {

constexpr size_t kBuffer = 1 << 17;

gzFile as_zlib(void* stream) {
  return static_cast<gzFile>(stream);
}

}  // namespace

GzipReader::GzipReader(const std::filesystem::path& file, uint64_t limit)
    : name_(file.string()), limit_(limit), buffer_(kBuffer) {
  // zlib opens a folder without complaint.
  stream_ = std::filesystem::is_directory(file) ? nullptr : gzopen(file.c_str(), "rb");
  if (!stream_) {
    const std::string got = std::filesystem::is_directory(file) ? "a folder" : std::strerror(errno);
    throw std::runtime_error(name_ + ": expected a readable file, got " + got);
  }
  gzbuffer(as_zlib(stream_), kBuffer);
  if (gzdirect(as_zlib(stream_))) {  // zlib would hand the bytes on as they are
    gzclose_r(as_zlib(stream_));
    throw std::runtime_error(name_ + ": byte 0: expected gzip data, got something else");
  }
}

GzipReader::~GzipReader() {
  gzclose_r(as_zlib(stream_));
}

void GzipReader::fail(uint64_t position, const std::string& expected,
                      const std::string& got) const {
  throw std::runtime_error(name_ + ": byte " + std::to_string(position) + ": expected " + expected +
                           ", got " + got);
}

bool GzipReader::refill() {
  if (position_ >= limit_) {
    fail(position_, "at most " + std::to_string(limit_) + " bytes", "more");
  }
  const int got = gzread(as_zlib(stream_), buffer_.data(), static_cast<unsigned>(buffer_.size()));
  int code = Z_OK;
  const char* message = gzerror(as_zlib(stream_), &code);
  if (got < 0 || (code != Z_OK && code != Z_STREAM_END && got == 0)) {
    fail(position_, "intact gzip data",
         code == Z_ERRNO ? std::strerror(errno)
         : code == Z_BUF_ERROR
             ? "the end of a truncated file"
             : "damaged data (" + std::string(message ? message : "unknown") + ")");
  }
  next_ = 0;
  end_ = static_cast<size_t>(got);
  return got > 0;
}

void GzipReader::fill() {
  if (!refill()) fail(position_, "more data", "the end of the file");
}

void GzipReader::read(void* out, size_t size) {
  auto* to = static_cast<uint8_t*>(out);
  while (size > 0) {
    if (next_ == end_) fill();
    const size_t n = std::min(size, end_ - next_);
    std::memcpy(to, buffer_.data() + next_, n);
    to += n;
    next_ += n;
    position_ += n;
    size -= n;
  }
}

void GzipReader::expect_end() {
  if (next_ < end_ || refill()) fail(position_, "the end of the file", "more data");
}

}  // namespace mint::training
