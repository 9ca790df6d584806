// A new file that changes all at once: after SIGKILL or a loss of power at any moment it holds what
// the last commit() or the one before it left, never a mixture.
//
// New bytes go to the end of the file at once; nothing refers to them yet. Pages of the committed
// part are kept in memory when they change. A commit appends them to the file as a journal
//
//   page count x 4096 bytes   the new contents of the changed pages
//   page count x uint64       their numbers
//   4 x uint64                page count; first byte that was no part of the file before; size of
//                             the file without the journal; CRC-32 of all from that byte to here
//   "MintJrnl"                the end of the file
//
// waits until all of it is on the disk, copies the pages to their places, waits again, and cuts the
// journal off. A file that ends with a whole journal is completed by complete_commit(). A part of a
// journal means nothing: its commit had not touched the committed bytes yet. (Kept in the file
// itself: one wait less than for a file beside it, and it cannot get lost when users rename.)
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace mint::training {

// Functions throw std::system_error; what is possible after that is the destructor alone.
class JournaledFile {
 public:
  // Opens an existing empty file for as long as the object lives and locks it (flock) against
  // complete_commit() and HDF5 in other processes.
  explicit JournaledFile(const std::string& file);
  ~JournaledFile();  // the file is as the last commit left it
  JournaledFile(const JournaledFile&) = delete;
  JournaledFile& operator=(const JournaledFile&) = delete;

  // Bytes that were never written are zeros.
  void read(uint64_t offset, size_t size, void* bytes) const;
  void write(uint64_t offset, size_t size, const void* bytes);

  // On disk when it returns. The file then has `size` bytes.
  void commit(uint64_t size);

 private:
  using Page = std::array<char, 4096>;

  Page& changed_page(uint64_t number);
  std::string journal(uint64_t size, uint64_t first_new, uint64_t end) const;

  int descriptor_;
  uint64_t committed_size_ = 0;     // bytes
  std::map<uint64_t, Page> pages_;  // changed ones of the committed part, by number
  bool has_new_bytes_ = false;
  bool is_applying_ = false;  // the journal on disk is whole, the pages may be half copied
};

// Finishes what a writer that was killed in commit() left to do; readers call it before they open
// `file`. Throws std::runtime_error `file: what: ...` when the file is being written, or when it
// ends with a journal and cannot be written. Says nothing about a missing or foreign file.
void complete_commit(const std::string& file);

}  // namespace mint::training
