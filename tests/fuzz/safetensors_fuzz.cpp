// training/safetensors.h: the input is a file.
#include "training/safetensors.h"

#include "tests/fuzz/fuzz_input.h"

using mint::training::NamedArray;

namespace {

// By name: the writer chooses an order of its own.
std::map<std::string, NamedArray> by_name(std::vector<NamedArray> arrays) {
  std::map<std::string, NamedArray> sorted;
  for (auto& array : arrays) sorted.emplace(array.name, std::move(array));
  return sorted;
}

void check_round_trip(const std::vector<NamedArray>& arrays) {
  const auto before = by_name(arrays);
  const auto after = by_name(
      mint::training::read_safetensors(mint::training::write_safetensors(arrays, {}), "written"));
  const auto is_same = [](const auto& a, const auto& b) {
    return a.first == b.first && a.second.dtype == b.second.dtype &&
           a.second.shape == b.second.shape && a.second.bytes == b.second.bytes;
  };
  if (before.size() != arrays.size()) mint::fuzz::report("one name for two arrays");
  if (!std::equal(before.begin(), before.end(), after.begin(), after.end(), is_same))
    mint::fuzz::report("arrays that are written read back differently");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::vector<NamedArray> arrays;
  const std::string_view bytes = mint::fuzz::as_text(data, size);
  const bool is_read =
      mint::fuzz::is_accepted([&] { arrays = mint::training::read_safetensors(bytes, "input"); });
  if (is_read && !mint::fuzz::is_accepted([&] { check_round_trip(arrays); }))
    mint::fuzz::report("arrays that were read cannot be written");
  return 0;
}
