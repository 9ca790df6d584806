// training/clevrer.h: the input is a file of proposals.
#include "tests/fuzz/fuzz_input.h"
#include "training/clevrer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static mint::fuzz::MemoryFile file;
  file.fill(mint::fuzz::as_text(data, size));
  mint::fuzz::is_accepted([] {
    std::vector<std::string> identities;
    for (const auto& frame : mint::training::read_proposals(file.path(), &identities)) {
      for (const auto& [object, mask] : frame) {
        if (object < 0 || static_cast<size_t>(object) >= identities.size())
          mint::fuzz::report("an object without identity");
        if (mask.area() > mask.height() * mask.width()) mint::fuzz::report("a mask too large");
      }
    }
  });
  return 0;
}
