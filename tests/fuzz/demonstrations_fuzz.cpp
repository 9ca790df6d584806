// training/demonstrations.h: the input is an HDF5 file, or changes to one that DemonstrationWriter
// made. HDF5 checksums its metadata, so changes of its bytes alone would all be refused at the
// door; here the checksums are put right after the changes.
//
//   byte 0     bit 0: leave the checksums as they are; bit 1: cut the file
//   byte 1..2  where to cut: fraction of the file, little endian
//   then       records of three bytes: place (little endian, counts the places that are no padding)
//              and the new value
//
// libhdf5 itself is not instrumented. What it leaks after an error is none of our business; its
// crashes are.
#include <hdf5.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "tests/fuzz/fuzz_input.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"
#include "training/demonstrations.h"

extern "C" uint32_t H5_checksum_metadata(const void* data, size_t size, uint32_t start);
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libhdf5";
}

namespace {

using mint::training::Episode;

struct Block {  // bytes of the file that end with the checksum of those before
  size_t begin = 0;
  size_t size = 0;  // without the checksum
};

struct Original {
  std::string bytes;
  std::vector<Block> blocks;
  std::vector<size_t> places;  // of bytes that mean something
};

uint32_t checksum_of(const std::string& bytes, const Block& block) {
  return H5_checksum_metadata(bytes.data() + block.begin, block.size, 0);
}

uint32_t stored_checksum(const std::string& bytes, const Block& block) {
  uint32_t value;
  std::memcpy(&value, bytes.data() + block.begin + block.size, sizeof value);
  return value;
}

// Blocks begin with a signature and have the length with which their checksum is right.
std::vector<Block> find_blocks(const std::string& bytes) {
  std::vector<Block> blocks;
  for (const char* signature : {"\x89HDF", "OHDR", "OCHK", "BTHD", "BTLF", "FRHP", "FHDB"}) {
    for (size_t at = 0; (at = bytes.find(signature, at)) != bytes.npos; ++at) {
      Block block{at, 4};
      while (at + block.size + 4 <= bytes.size() &&
             checksum_of(bytes, block) != stored_checksum(bytes, block))
        ++block.size;
      if (at + block.size + 4 <= bytes.size()) blocks.push_back(block);
    }
  }
  return blocks;
}

// Everything but the insides of long runs of zeros.
std::vector<size_t> find_places(const std::string& bytes) {
  constexpr size_t kShort = 16;
  std::vector<size_t> places;
  for (size_t at = 0; at < bytes.size();) {
    const size_t end = std::min(bytes.find_first_not_of('\0', at), bytes.size());
    const size_t run = std::min(end - at, kShort);
    for (size_t i = 0; i < run; ++i) places.push_back(at + i);
    if (end < bytes.size()) places.push_back(end);
    at = end + 1;
  }
  return places;
}

Episode make_episode(bool has_all) {
  Episode episode;
  episode.env_name = "MoveToCorner-Demo-v0";
  episode.score = 0.5;
  episode.source = "expert";
  episode.seed = 3;
  episode.actions = {7, 17};
  episode.height = 2;
  episode.width = 3;
  episode.frames.assign(3 * 2 * 3 * 3, 9);
  if (has_all) episode.executed_actions = {0, 1};
  if (has_all) episode.states = {0.25, 1, -2, 4};
  return episode;
}

Original make_original() {
  const mint::tests::TemporaryFolder folder;
  const auto file = folder.path() / "demos.hdf5";
  mint::training::DemonstrationWriter writer(file.string());
  writer.add(make_episode(true));
  writer.add(make_episode(false));
  writer.close();
  Original original;
  original.bytes = mint::tests::read_file(file);
  original.blocks = find_blocks(original.bytes);
  original.places = find_places(original.bytes);
  return original;
}

std::string changed(const Original& original, const uint8_t* data, size_t size) {
  std::string bytes = original.bytes;
  const auto number_at = [&](size_t i) { return size_t{data[i]} | size_t{data[i + 1]} << 8; };
  for (size_t i = 3; i + 3 <= size; i += 3)
    bytes[original.places[number_at(i) % original.places.size()]] = static_cast<char>(data[i + 2]);
  if (!(data[0] & 1)) {
    for (const Block& block : original.blocks) {
      const uint32_t sum = checksum_of(bytes, block);
      std::memcpy(&bytes[block.begin + block.size], &sum, sizeof sum);
    }
  }
  if (data[0] & 2) bytes.resize(bytes.size() * number_at(1) / 65536);
  return bytes;
}

ssize_t count_handles() {
  return H5Fget_obj_count(static_cast<hid_t>(H5F_OBJ_ALL), H5F_OBJ_ALL);
}

void read_everything(const std::string& file) {
  using namespace mint::training;
  std::vector<Episode> episodes;
  const bool is_loaded = mint::fuzz::is_accepted([&] { episodes = load_demonstrations(file); });
  for (const Episode& episode : episodes) {
    const size_t frame = size_t{3} * episode.height * episode.width;
    if (episode.frames.size() != (episode.actions.size() + 1) * frame)
      mint::fuzz::report("another number of frames than actions and one");
  }
  std::vector<EpisodeInfo> list;
  const bool is_listed = mint::fuzz::is_accepted([&] { list = list_demonstrations(file); });
  if (is_loaded && (!is_listed || list.size() != episodes.size()))
    mint::fuzz::report("what can be loaded cannot be listed");
  mint::fuzz::is_accepted([&] {
    const DemonstrationsCheck check = check_demonstrations(file);
    for (const std::string& line : check.damage) mint::fuzz::require_one_line(line);
    if (is_loaded != check.damage.empty()) mint::fuzz::report("load and check disagree");
  });
  mint::fuzz::is_accepted([&] { load_demonstration(file, "demo_0"); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Original original = make_original();
  static const ssize_t handles = count_handles();  // HDF5's C++ library has some
  static mint::fuzz::MemoryFile file;
  if (size < 3) return 0;
  const bool is_file = size >= 4 && std::memcmp(data, "\x89HDF", 4) == 0;
  file.fill(is_file ? mint::fuzz::as_text(data, size) : changed(original, data, size));
  read_everything(file.path());
  if (count_handles() != handles) mint::fuzz::report("handles stay open");
  return 0;
}
