#include "training/safetensors.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/support/error_of.h"

namespace mint::training {
namespace {

// Two arrays by hand: I64 [1] = 7 and U8 [3] = 1, 2, 3.
std::vector<NamedArray> two_arrays() {
  return {{"b", "U8", {3}, std::string("\1\2\3", 3)},
          {"a", "I64", {1}, std::string("\7\0\0\0\0\0\0\0", 8)}};
}

std::string with_header(const std::string& header, const std::string& data) {
  std::string bytes;
  for (size_t i = 0; i < 8; ++i) bytes += static_cast<char>(header.size() >> (8 * i) & 0xff);
  return bytes + header + data;
}

std::string error_of(const std::string& bytes) {
  return tests::error_of<std::runtime_error>([&] { read_safetensors(bytes, "m"); });
}

TEST(Safetensors, WritesTheBytesOfTheSpecification) {
  const std::string bytes = write_safetensors(two_arrays(), {{"format", "pt"}});

  const std::string header = R"({"__metadata__":{"format":"pt"},)"
                             R"("a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},)"
                             R"("b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}})";
  const std::string padding(7 - (header.size() + 7) % 8, ' ');
  EXPECT_EQ(bytes, with_header(header + padding, std::string("\7\0\0\0\0\0\0\0\1\2\3", 11)));
  EXPECT_EQ((header + padding).size() % 8, 0u);
}

TEST(Safetensors, ComeBackAsTheyWereWrittenWideTypesFirst) {
  const auto read = read_safetensors(write_safetensors(two_arrays(), {}), "m");

  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0].name, "a");
  EXPECT_EQ(read[0].dtype, "I64");
  EXPECT_EQ(read[0].shape, std::vector<int64_t>{1});
  EXPECT_EQ(read[0].bytes, two_arrays()[1].bytes);
  EXPECT_EQ(read[1].name, "b");
  EXPECT_EQ(read[1].bytes, two_arrays()[0].bytes);
}

TEST(Safetensors, ScalarsAndEmptyArraysAreAllowed) {
  const auto read = read_safetensors(
      write_safetensors({{"empty", "F32", {0, 3}, ""}, {"scalar", "F32", {}, "1234"}}, {}), "m");

  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0].shape, (std::vector<int64_t>{0, 3}));
  EXPECT_TRUE(read[1].shape.empty());
  EXPECT_TRUE(read_safetensors(write_safetensors({}, {}), "m").empty());
}

TEST(Safetensors, TheOrderOfTheArraysDoesNotMatter) {
  auto arrays = two_arrays();
  const std::string bytes = write_safetensors(arrays, {});
  std::swap(arrays[0], arrays[1]);

  EXPECT_EQ(write_safetensors(arrays, {}), bytes);
}

TEST(Safetensors, RefusesToWriteWhatDoesNotFit) {
  EXPECT_THROW(write_safetensors({{"a", "F32", {2}, "1234"}}, {}), std::invalid_argument);
  EXPECT_THROW(write_safetensors({{"a", "F31", {1}, "1234"}}, {}), std::invalid_argument);
  EXPECT_THROW(write_safetensors({{"a", "U8", {1}, "1"}, {"a", "U8", {1}, "1"}}, {}),
               std::invalid_argument);
}

TEST(Safetensors, ATruncatedFileIsRefusedAtEveryLength) {
  const std::string bytes = write_safetensors(two_arrays(), {{"format", "pt"}});
  for (size_t length = 0; length < bytes.size(); ++length)
    EXPECT_EQ(error_of(bytes.substr(0, length)).rfind("m: ", 0), 0u) << length;
  EXPECT_EQ(error_of(bytes + "x"), "m: data: expected 11 bytes, got 12");
}

TEST(Safetensors, AFlippedHeaderBitIsRefusedOrChangesNoBytesOfData) {
  const std::string bytes = write_safetensors(two_arrays(), {{"format", "pt"}});
  for (size_t i = 0; i < bytes.size() - 11; ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = bytes;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      try {
        EXPECT_LE(read_safetensors(flipped, "m").size(), 2u);
      } catch (const std::runtime_error& e) {
        EXPECT_EQ(std::string(e.what()).rfind("m: ", 0), 0u) << e.what();
      }
    }
  }
}

TEST(Safetensors, HostileHeadersAreOneLine) {
  const std::string data(8, 'x');
  const auto error_of_header = [&](const std::string& header) {
    return error_of(with_header(header, data));
  };
  EXPECT_EQ(error_of_header(R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},)"
                            R"("b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})"),
            "m: b: data_offsets: expected a start at 8, got 4");
  EXPECT_EQ(error_of_header(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})"),
            "m: a: data_offsets: expected a start at 0, got 4");
  EXPECT_EQ(error_of_header(R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},)"
                            R"("a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}})"),
            "m: a: given twice");
  EXPECT_EQ(error_of_header(R"({"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}})"),
            "m: data: expected 9 bytes, got 8");
  EXPECT_EQ(error_of_header(R"({"a":{"dtype":"F32","shape":[8],"data_offsets":[0,8]}})"),
            "m: a: data_offsets: expected 32 bytes of F32 [8], got 0 to 8");
  EXPECT_EQ(error_of_header(R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],)"
                            R"("data_offsets":[0,8]}})"),
            "m: a: data_offsets: expected -1 bytes of F32 [4611686018427387904, 4], got 0 to 8");
  EXPECT_EQ(error_of_header(R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})"),
            "m: a: expected whole dimensions");
  EXPECT_EQ(error_of_header(R"({"a":{"dtype":"Q8","shape":[8],"data_offsets":[0,8]}})"),
            "m: a: dtype: expected F32, I64, ..., got Q8");
  EXPECT_EQ(error_of_header(R"({"a\n\u001b[2J":{"dtype":"\r","shape":[8],"data_offsets":[0,8]}})"),
            "m: a??[2J: dtype: expected F32, I64, ..., got ?");
  EXPECT_EQ(error_of_header(R"({"a":3})"),
            "m: a: expected dtype, shape and data_offsets, got damage");
  EXPECT_EQ(error_of_header("[1]"), "m: header: expected a JSON object, got another value");
  EXPECT_EQ(error_of_header(std::string(100000, '[')), "m: header: expected JSON, got damage");
  EXPECT_EQ(error_of(std::string(8, '\xff') + "x"),
            "m: header: expected 18446744073709551615 bytes, got 1");
}

}  // namespace
}  // namespace mint::training
