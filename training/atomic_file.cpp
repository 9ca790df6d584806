#include "training/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <vector>

namespace mint::training {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const std::string& what) {
  const int reason = errno;
  throw std::runtime_error(path.string() + ": " + what + ": " + std::strerror(reason));
}

// An open file or folder.
class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags, const std::string& what)
      : Descriptor(path, flags, what, path) {}
  // Messages name `shown` instead.
  Descriptor(const fs::path& path, int flags, const std::string& what, const fs::path& shown)
      : path_(shown), value_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {
    if (value_ < 0) fail(shown, what);
  }
  ~Descriptor() { ::close(value_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int value() const { return value_; }

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(value_, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail(path_, "cannot be written");
      bytes.remove_prefix(static_cast<size_t>(count));
    }
  }

  void sync() {
    // Some file systems refuse to sync a folder; there is nothing more to be done on them.
    if (::fsync(value_) != 0 && errno != EINVAL) fail(path_, "cannot be synced");
  }

 private:
  fs::path path_;
  int value_;
};

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

// Unique among the threads and processes of a machine; hidden, so that a leftover is not taken for
// content.
constexpr const char* kTemporary = ".tmp-";

fs::path temporary_name(const fs::path& path) {
  static std::atomic<int> count{0};
  return folder_of(path) / ("." + path.filename().string() + kTemporary +
                            std::to_string(::getpid()) + "-" + std::to_string(count++));
}

void sync_folder(const fs::path& folder) {
  Descriptor(folder, O_RDONLY | O_DIRECTORY, "cannot be opened").sync();
}

void write_synced(const fs::path& temporary, const fs::path& file, std::string_view bytes) {
  Descriptor descriptor(temporary, O_WRONLY | O_CREAT | O_TRUNC, "cannot be created", file);
  descriptor.write(bytes);
  descriptor.sync();
}

void remove_quietly(const fs::path& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

void sync_content(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const int flags = O_RDONLY | (entry.is_directory() ? O_DIRECTORY : 0);
    Descriptor(entry.path(), flags, "cannot be opened").sync();
  }
  sync_folder(folder);
}

// Renames a folder over an existing one: swapped in one step, then the old one goes.
void replace_folder(const fs::path& temporary, const fs::path& target) {
  if (::rename(temporary.c_str(), target.c_str()) == 0) return;  // absent or empty
  if (errno != ENOTEMPTY && errno != EEXIST) fail(target, "cannot be written");
  if (::renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) != 0) {
    // A file system that cannot swap: for a moment the folder is not there.
    remove_quietly(target);
    if (::rename(temporary.c_str(), target.c_str()) != 0) fail(target, "cannot be written");
    return;
  }
  sync_folder(folder_of(target));  // the new one is there before the old one goes
  remove_quietly(temporary);
}

}  // namespace

void write_file_atomically(const fs::path& file, std::string_view bytes) {
  const fs::path temporary = temporary_name(file);
  try {
    write_synced(temporary, file, bytes);
    if (::rename(temporary.c_str(), file.c_str()) != 0) fail(file, "cannot be written");
  } catch (...) {
    remove_quietly(temporary);
    throw;
  }
  sync_folder(folder_of(file));
}

void publish_folder(const fs::path& target, const std::function<void(const fs::path&)>& fill) {
  const fs::path temporary = temporary_name(target);
  remove_quietly(temporary);
  if (::mkdir(temporary.c_str(), 0777) != 0) fail(target, "cannot be created");
  try {
    fill(temporary);
    sync_content(temporary);
    replace_folder(temporary, target);
  } catch (const std::runtime_error& error) {
    remove_quietly(temporary);
    std::string what = error.what();  // names the file where it would have been
    const size_t place = what.find(temporary.string());
    if (place != std::string::npos) what.replace(place, temporary.string().size(), target.string());
    throw std::runtime_error(what);
  } catch (...) {
    remove_quietly(temporary);
    throw;
  }
  sync_folder(folder_of(target));
}

void link_atomically(const fs::path& link, const fs::path& target) {
  if (fs::is_directory(fs::symlink_status(link)))
    throw std::runtime_error(link.string() + ": expected a link or nothing, got a folder");
  const fs::path temporary = temporary_name(link);
  remove_quietly(temporary);
  if (::symlink(target.c_str(), temporary.c_str()) != 0) fail(link, "cannot be created");
  if (::rename(temporary.c_str(), link.c_str()) != 0) {
    const int reason = errno;
    remove_quietly(temporary);
    errno = reason;
    fail(link, "cannot be created");
  }
  sync_folder(folder_of(link));
}

void sync_file(const fs::path& file) {
  Descriptor(file, O_RDONLY, "cannot be opened").sync();
}

void sync_folder_of(const fs::path& file) {
  sync_folder(folder_of(file));
}

bool is_leftover(const std::string& name, const std::string& of) {
  return name.rfind("." + of + kTemporary, 0) == 0;
}

void remove_leftovers(const fs::path& folder) {
  std::error_code absent;
  std::vector<fs::path> leftovers;
  for (const auto& entry : fs::directory_iterator(folder, absent)) {
    const std::string name = entry.path().filename().string();
    const bool is_half =
        name.find(kTemporary) != std::string::npos || name.find(".partial-") != std::string::npos;
    if (name.front() == '.' && is_half) {
      leftovers.push_back(entry.path());
    }
  }
  for (const fs::path& leftover : leftovers) remove_quietly(leftover);
}

std::string read_file(const fs::path& file) {
  const Descriptor descriptor(file, O_RDONLY, "cannot be read");
  struct stat status;
  if (::fstat(descriptor.value(), &status) != 0) fail(file, "cannot be read");
  if (!S_ISREG(status.st_mode))
    throw std::runtime_error(file.string() + ": cannot be read: not a regular file");
  std::string bytes(static_cast<size_t>(status.st_size), '\0');
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::read(descriptor.value(), &bytes[done], bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(file, "cannot be read");
    if (count == 0) break;  // it shrank meanwhile
    done += static_cast<size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

}  // namespace mint::training
