// training/magical_import.h and training/pickle_reader.h: the input is a gzip file, or a pickle
// that is gzipped here, without compression, so that mutations reach it.
#include <zlib.h>

#include "envs/image.h"
#include "tests/fuzz/fuzz_input.h"
#include "training/magical_import.h"
#include "training/pickle_reader.h"

namespace {

constexpr uint32_t kImageBytes = 3 * mint::envs::kFullSize_px * mint::envs::kFullSize_px;
constexpr int kMostImages = 12;

bool is_gzip(std::string_view bytes) {
  return bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
}

// Images are too long for a fuzzer: after the opcode BINBYTES and an image's length, one byte of
// the input stands for all bytes of the image.
std::string with_images(std::string_view pickle) {
  std::string opcode = "B";
  for (int i = 0; i < 4; ++i) opcode += static_cast<char>(kImageBytes >> (8 * i) & 255);
  std::string result;
  for (int images = 0; images < kMostImages; ++images) {
    const size_t end = pickle.find(opcode);
    if (end == pickle.npos || end + opcode.size() == pickle.size()) break;
    result.append(pickle.substr(0, end)).append(opcode);
    result.append(kImageBytes, pickle[end + opcode.size()]);
    pickle.remove_prefix(end + opcode.size() + 1);
  }
  return result.append(pickle);
}

std::string gzip(const std::string& bytes) {
  z_stream stream = {};
  if (deflateInit2(&stream, Z_NO_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) !=
      Z_OK)
    mint::fuzz::report("deflateInit2 failed");
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) mint::fuzz::report("deflate failed");
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// Limits that a short input reaches.
mint::training::PickleRules small_rules() {
  mint::training::PickleRules rules;
  rules.classes = {"numpy ndarray", "numpy dtype", "a b"};
  rules.large_bytes = 8;
  rules.reduce = [](const uint8_t* bytes) { return std::string(bytes, bytes + 4); };
  rules.limits = {1 << 14, 64, 128, 256, 32};
  return rules;
}

void check_indices(const mint::training::Pickle& pickle) {
  const size_t count = pickle.values.size();
  const auto require = [&](uint32_t index) {
    if (index >= count && index != mint::training::PickleValue::kAbsent)
      mint::fuzz::report("an index beyond the table");
  };
  if (pickle.root >= count) mint::fuzz::report("no root");
  for (const auto& value : pickle.values) {
    for (const uint32_t item : value.items)
      if (item >= count) mint::fuzz::report("an item beyond the table");
    for (const uint32_t index : {value.callee, value.arguments, value.state}) require(index);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static mint::fuzz::MemoryFile file;
  const std::string_view input = mint::fuzz::as_text(data, size);
  file.fill(is_gzip(input) ? std::string(input) : gzip(with_images(input)));
  mint::fuzz::is_accepted(
      [] { check_indices(mint::training::read_pickle(file.path(), small_rules())); });
  mint::fuzz::is_accepted([] {
    const auto episode = mint::training::read_magical_demonstration(file.path());
    if (episode.frames.size() != (episode.actions.size() + 1) * mint::envs::kObservationBytes)
      mint::fuzz::report("another number of frames than actions and one");
  });
  return 0;
}
