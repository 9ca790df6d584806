// perception/run_length_mask.h: two bytes are the sides, the rest is COCO's compressed text.
#include "perception/run_length_mask.h"

#include "tests/fuzz/fuzz_input.h"

using mint::perception::RunLengthMask;

namespace {

void check_mask(const RunLengthMask& mask) {
  const auto again = RunLengthMask::from_compressed(mask.height(), mask.width(), mask.compressed());
  if (again.counts() != mask.counts()) mint::fuzz::report("compressed() reads back differently");
  const auto pixels = mask.bitmap();
  const auto drawn = RunLengthMask::from_bitmap(pixels.data(), mask.height(), mask.width());
  if (drawn.area() != mask.area()) mint::fuzz::report("bitmap() has another area");
  if (drawn.compressed() != mask.compressed()) mint::fuzz::report("equal masks, unequal texts");
  for (int64_t row = -1; row <= mask.height(); ++row) {
    for (int64_t column = -1; column <= mask.width(); ++column) {
      const bool is_inside =
          row >= 0 && row < mask.height() && column >= 0 && column < mask.width();
      if (mask.contains(column, row) != (is_inside && pixels[row * mask.width() + column] != 0))
        mint::fuzz::report("contains() and bitmap() differ");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const std::string_view text = mint::fuzz::as_text(data + 2, size - 2);
  mint::fuzz::is_accepted(
      [&] { check_mask(RunLengthMask::from_compressed(data[0], data[1], text)); });
  // The largest sides, for the arithmetic alone: a bitmap would take 4 GiB.
  mint::fuzz::is_accepted([&] {
    const auto mask = RunLengthMask::from_compressed(65535, 65535 - data[1], text);
    const auto again =
        RunLengthMask::from_compressed(mask.height(), mask.width(), mask.compressed());
    if (again.counts() != mask.counts()) mint::fuzz::report("compressed() reads back differently");
  });
  return 0;
}
