#include "perception/finish_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

namespace mint::perception {
namespace {

// Puts `path`, the file itself or its folder, on the disk.
void synchronise(const std::string& path, const std::string& file) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  // Some file systems refuse to sync a folder; there is nothing more to be done on them.
  const bool is_done = descriptor >= 0 && (::fsync(descriptor) == 0 || errno == EINVAL);
  const int reason = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!is_done) throw std::runtime_error(file + ": cannot be written: " + std::strerror(reason));
}

}  // namespace

void finish_file(const std::string& partial, const std::string& file) {
  synchronise(partial, file);
  std::error_code error;
  std::filesystem::rename(partial, file, error);
  if (error) throw std::runtime_error(file + ": cannot be written: " + error.message());
  synchronise(std::filesystem::absolute(file).parent_path().string(), file);
}

}  // namespace mint::perception
