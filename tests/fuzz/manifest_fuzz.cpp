// training/checkpoint_manifest.h: the input is a checkpoint's manifest.json. Beside it lies the
// file `a` with the bytes "abc", which a manifest may name (CRC-32 352441c2).
#include "training/checkpoint_manifest.h"

#include "tests/fuzz/fuzz_input.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

namespace {

struct Checkpoint {
  Checkpoint() { mint::tests::write_file(folder.path() / "a", "abc"); }

  mint::tests::TemporaryFolder folder;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Checkpoint checkpoint;
  mint::tests::write_file(checkpoint.folder.path() / "manifest.json",
                          std::string(mint::fuzz::as_text(data, size)));
  mint::fuzz::is_accepted([] {
    for (const auto& [name, bytes] : mint::training::read_verified_files(checkpoint.folder.path()))
      if (name == "a" && bytes != "abc") mint::fuzz::report("other bytes than the file's");
  });
  return 0;
}
