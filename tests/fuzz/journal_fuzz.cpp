// training/journaled_file.h: completing the last change of a file. The input is a file, or the
// parts of a journal with two pages, which gets its checksum and its mark here:
//
//   byte 0      0: a journal follows; else the whole input is the file
//   byte 1..40  numbers of the pages, page count, first new byte, size; little endian
//   then        the file before the journal
#include "training/journaled_file.h"

#include <sys/stat.h>
#include <zlib.h>

#include <cstring>

#include "tests/fuzz/fuzz_input.h"

namespace {

constexpr size_t kPages = 2;
constexpr size_t kPageBytes = 4096;
constexpr size_t kNumbers = kPages + 3;

std::string with_journal(std::string_view input) {
  uint64_t numbers[kNumbers];
  std::memcpy(numbers, input.data() + 1, sizeof numbers);
  std::string file(input.substr(1 + sizeof numbers));
  file.append(kPages * kPageBytes, 'p');
  file.append(input.substr(1, sizeof numbers));
  const uint64_t first_new = std::min<uint64_t>(numbers[kPages + 1], file.size());
  const uint64_t crc =
      crc32_z(0, reinterpret_cast<const Bytef*>(file.data()) + first_new, file.size() - first_new);
  file.append(reinterpret_cast<const char*>(&crc), sizeof crc);
  return file + "MintJrnl";
}

off_t size_of(const std::string& file) {
  struct stat status;
  if (::stat(file.c_str(), &status) != 0) mint::fuzz::report("the file is gone");
  return status.st_size;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static mint::fuzz::MemoryFile file;
  const std::string_view input = mint::fuzz::as_text(data, size);
  const bool is_made = size > sizeof(uint64_t) * kNumbers && data[0] == 0;
  file.fill(is_made ? with_journal(input) : std::string(input));
  const off_t before = size_of(file.path());
  mint::fuzz::is_accepted([] { mint::training::complete_commit(file.path()); });
  if (size_of(file.path()) > before) mint::fuzz::report("the file grew");
  return 0;
}
