#include "training/checkpoint_manifest.h"

#include <gtest/gtest.h>

#include "tests/support/error_of.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

namespace mint::training {
namespace {

// A checkpoint whose only file `a` holds "abc".
class CheckpointManifest : public testing::Test {
 protected:
  CheckpointManifest() {
    tests::write_file(folder_.path() / "a", "abc");
    tests::write_file(manifest(), manifest_text({{"a", "abc"}}));
  }

  std::filesystem::path manifest() const { return folder_.path() / "manifest.json"; }

  // What is said of the manifest, without its name.
  std::string error(const std::string& files, const std::string& format = "\"mint checkpoint\"") {
    tests::write_file(manifest(),
                      "{\"format\":" + format + ",\"version\":1,\"files\":" + files + "}");
    const std::string text =
        tests::error_of<std::runtime_error>([&] { read_verified_files(folder_.path()); });
    const std::string where = manifest().string() + ": ";
    return text.rfind(where, 0) == 0 ? text.substr(where.size()) : text;
  }

  tests::TemporaryFolder folder_;
};

TEST_F(CheckpointManifest, NamesTheFilesThatAreReturned) {
  const std::map<std::string, std::string> expected = {{"a", "abc"}};

  EXPECT_EQ(read_verified_files(folder_.path()), expected);
}

TEST_F(CheckpointManifest, NestedValuesAreNamedWithoutPrintingThem) {
  const int depth = 200'000;  // recursion would leave the stack
  const std::string nested = std::string(depth, '[') + std::string(depth, ']');

  EXPECT_EQ(error("{}", nested), "format: expected \"mint checkpoint\", got an array");
}

TEST_F(CheckpointManifest, ASizeIsAWholeNumber) {
  EXPECT_EQ(error(R"({"a":{"bytes":3e300,"crc32":"352441c2"}})"),
            "files.a.bytes: expected a size, got 3e+300");
  EXPECT_EQ(error(R"({"a":{"bytes":-3,"crc32":"352441c2"}})"),
            "files.a.bytes: expected a size, got -3");
}

TEST_F(CheckpointManifest, ControlCharactersDoNotReachTheMessage) {
  EXPECT_EQ(error(R"({"b\n\u001b[2J":{"bytes":3,"crc32":""}})"),
            "files: expected plain names, got \"b??[2J\"");
  EXPECT_NE(error(R"({"a":{"bytes":3,"crc32":"\n"}})").find("expected ?, got 352441c2"),
            std::string::npos);
}

}  // namespace
}  // namespace mint::training
