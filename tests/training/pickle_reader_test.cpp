#include "training/pickle_reader.h"

#include <sys/resource.h>

#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/support/files.h"
#include "tests/support/pickle_writer.h"

namespace mint::training {
namespace {

using Kind = PickleValue::Kind;
using tests::PickleWriter;

std::filesystem::path pickle_file() {
  return std::filesystem::path(testing::TempDir()) / "mint_pickle_reader_test.pkl.gz";
}

// What the tests' pickles may hold; large bytes are 8 long and are reduced to their first byte.
PickleRules test_rules() {
  PickleRules rules;
  rules.classes = {"fruit Apple"};
  rules.large_bytes = 8;
  rules.reduce = [](const uint8_t* bytes) { return std::string(1, static_cast<char>(bytes[0])); };
  return rules;
}

// Reads the bytes of a file as they are.
Pickle read_file(const std::string& bytes, const PickleRules& rules = test_rules()) {
  tests::write_file(pickle_file(), bytes);
  return read_pickle(pickle_file(), rules);
}

Pickle read(const PickleWriter& writer, const PickleRules& rules = test_rules()) {
  return read_file(tests::gzip(writer.bytes), rules);
}

// What the error says after the file's name; "" when there is none.
std::string error_of_file(const std::string& bytes, const PickleRules& rules = test_rules()) {
  try {
    read_file(bytes, rules);
    return "";
  } catch (const std::runtime_error& error) {
    const std::string message = error.what();
    const std::string prefix = pickle_file().string() + ": ";
    EXPECT_EQ(message.substr(0, prefix.size()), prefix);
    EXPECT_EQ(message.find('\n'), std::string::npos);
    return message.substr(prefix.size());
  }
}

std::string error_of(const PickleWriter& writer, const PickleRules& rules = test_rules()) {
  return error_of_file(tests::gzip(writer.bytes), rules);
}

// {"a": [1, -2, 0.5, None], "b": Apple(False) with state b"x"}; every opcode of the machine but
// for the two long ways to name a memo and TUPLE.
PickleWriter small_pickle() {
  PickleWriter w;
  w.op("\x95").little_endian(999, 8);  // FRAME; its length is not used
  w.op(tests::kEmptyDict).op(tests::kMemoize).op(tests::kMark);
  w.text("a").op(tests::kMemoize).op(tests::kEmptyList).op(tests::kMark);
  w.op("K\x01").integer(-2).real(0.5).op(tests::kNone).op(tests::kAppends);
  w.text("b").global("fruit", "Apple").op(tests::kFalse).op(tests::kTuple1).op(tests::kReduce);
  w.letter('x').op(tests::kBuild);
  return w.op(tests::kSetItems).op(tests::kStop);
}

TEST(PickleReader, SaysWhatPythonWouldHaveBuilt) {
  const Pickle pickle = read(small_pickle());

  const auto at = [&](uint32_t i) { return pickle.values[i]; };
  const PickleValue root = at(pickle.root);
  ASSERT_EQ(root.kind, Kind::kDict);
  ASSERT_EQ(root.items.size(), 4u);
  EXPECT_EQ(at(root.items[0]).text, "a");
  const PickleValue list = at(root.items[1]);
  ASSERT_EQ(list.kind, Kind::kList);
  ASSERT_EQ(list.items.size(), 4u);
  EXPECT_EQ(at(list.items[0]).integer, 1);
  EXPECT_EQ(at(list.items[1]).integer, -2);
  EXPECT_EQ(at(list.items[2]).real, 0.5);
  EXPECT_EQ(at(list.items[3]).kind, Kind::kNone);
  const PickleValue apple = at(root.items[3]);
  ASSERT_EQ(apple.kind, Kind::kObject);
  EXPECT_EQ(at(apple.callee).text, "fruit Apple");
  EXPECT_EQ(at(at(apple.arguments).items.at(0)).kind, Kind::kFalse);
  EXPECT_EQ(at(apple.state).text, "x");
}

TEST(PickleReader, MemoAndTuplesWork) {
  PickleWriter w;  // ("a", ("a", 513, "a")): "a" is memo 0
  w.op(tests::kMark).text("a").op(tests::kMemoize).op(std::string("h\x00", 2));
  w.op("M\x01\x02").op("j").little_endian(0, 4).op(tests::kTuple3);
  w.op(tests::kTuple).op(tests::kStop);

  const Pickle pickle = read(w);

  const PickleValue root = pickle.values[pickle.root];
  ASSERT_EQ(root.items.size(), 2u);
  const PickleValue inner = pickle.values[root.items[1]];
  ASSERT_EQ(inner.items.size(), 3u);
  EXPECT_EQ(inner.items[0], root.items[0]);
  EXPECT_EQ(inner.items[2], root.items[0]);
  EXPECT_EQ(pickle.values[inner.items[1]].integer, 513);
}

TEST(PickleReader, LargeBytesAreReducedAtOnce) {
  PickleWriter w;

  const Pickle pickle = read(w.data("abcdefgh").op(tests::kStop));

  EXPECT_EQ(pickle.values[pickle.root].kind, Kind::kLargeBytes);
  EXPECT_EQ(pickle.values[pickle.root].text, "a");
}

TEST(PickleReader, RefusesAnUnknownClassByName) {
  PickleWriter w;
  w.global("os", "system").text("true").op(tests::kTuple1).op(tests::kReduce).op(tests::kStop);

  // 2 + 4 + 8 bytes come before the opcode that looks the class up.
  EXPECT_EQ(error_of(w),
            "byte 14: expected a class of MAGICAL's demonstrations, got \"os system\"");
}

TEST(PickleReader, RefusesAnUnknownOpcode) {
  // GLOBAL, INST, LONG4, BINPERSID, EXT1, BINPUT, PUT, LONG_BINPUT, BYTEARRAY8
  for (const char opcode : {'c', 'i', '\x8b', 'Q', '\x82', 'q', 'p', 'r', '\x96'}) {
    PickleWriter w;
    const std::string message = error_of(w.op(std::string(1, opcode)));
    EXPECT_EQ(message.substr(0, message.size() - 2),
              "byte 2: expected an opcode of MAGICAL's demonstrations, got 0x");
  }
}

TEST(PickleReader, RefusesAnotherProtocol) {
  EXPECT_EQ(error_of_file(tests::gzip(std::string("\x80\x05N.", 4))),
            "byte 0: expected protocol 4, got protocol 5");
  EXPECT_EQ(error_of_file(tests::gzip("hello")),
            "byte 0: expected a pickle of protocol 4, got something else");
}

TEST(PickleReader, RefusesWhatIsNoGzipFile) {
  EXPECT_EQ(error_of_file(small_pickle().bytes), "byte 0: expected gzip data, got something else");
  EXPECT_EQ(error_of_file(""), "byte 0: expected gzip data, got something else");
  EXPECT_THROW(read_pickle("/nowhere/at/all.pkl.gz", test_rules()), std::runtime_error);
  EXPECT_THROW(read_pickle(testing::TempDir(), test_rules()), std::runtime_error);
}

TEST(PickleReader, RefusesAFileCutAnywhere) {
  const std::string whole = tests::gzip(small_pickle().bytes);
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_NE(error_of_file(whole.substr(0, size)), "") << size << " of " << whole.size();
  }
}

TEST(PickleReader, RefusesAPickleCutAnywhere) {
  const std::string whole = small_pickle().bytes;
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_NE(error_of_file(tests::gzip(whole.substr(0, size))), "") << size;
  }
}

// Bytes 4 to 9 of a gzip file (time, flags of the compressor, system) change nothing, and zlib
// does not look at some bits of byte 3.
TEST(PickleReader, RefusesAFlippedByteInTheCompressedData) {
  const std::string whole = tests::gzip(small_pickle().bytes);
  for (size_t i = 10; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    EXPECT_NE(error_of_file(damaged), "") << i;
  }
}

TEST(PickleReader, SurvivesAnyFlippedByteInThePickle) {
  const std::string whole = small_pickle().bytes;
  int refused = 0;
  for (size_t i = 0; i < whole.size(); ++i) {
    for (const int flip : {1, 0x80}) {
      std::string damaged = whole;
      damaged[i] = static_cast<char>(damaged[i] ^ flip);
      refused += !error_of_file(tests::gzip(damaged)).empty();
    }
  }
  EXPECT_GT(refused, static_cast<int>(whole.size()) / 2);
}

TEST(PickleReader, RefusesDataAfterTheEnd) {
  EXPECT_EQ(error_of(small_pickle().op("N")).substr(0, 5), "byte ");
  EXPECT_NE(error_of(small_pickle().op("N")).find("expected the end of the file, got more data"),
            std::string::npos);
}

TEST(PickleReader, RefusesAnEmptyStackAndAMissingMark) {
  EXPECT_EQ(error_of(PickleWriter().op(tests::kStop)),
            "byte 2: expected another value on the stack, got none");
  EXPECT_EQ(error_of(PickleWriter().op(tests::kTuple)), "byte 2: expected a mark, got none");
  EXPECT_EQ(error_of(PickleWriter().op(tests::kMemoize)),
            "byte 2: expected another value on the stack, got none");
  EXPECT_EQ(error_of(PickleWriter().op("NN").op(tests::kMark).op(tests::kTuple1)),
            "byte 5: expected another value on the stack, got none");
  EXPECT_EQ(error_of(PickleWriter().op("NN").op(tests::kStop)),
            "byte 4: expected one value at the end, got several");
  EXPECT_EQ(error_of(PickleWriter().op(std::string("h\x00", 2))),
            "byte 2: expected a memo index below 0, got 0");
}

TEST(PickleReader, RefusesValuesOfTheWrongKind) {
  EXPECT_EQ(error_of(PickleWriter().op("N").op(tests::kMark).op("N").op(tests::kAppends)),
            "byte 5: expected a list to append to, got None");
  EXPECT_EQ(error_of(PickleWriter().op("]NN").op(tests::kSetItem)),
            "byte 5: expected a dict to add to, got a list");
  EXPECT_EQ(error_of(PickleWriter().op("}").op(tests::kMark).op("N").op(tests::kSetItems)),
            "byte 5: expected pairs of key and value, got an odd number of values");
  EXPECT_EQ(error_of(PickleWriter().op("NN").op(tests::kReduce)),
            "byte 4: expected a tuple, got None");
  EXPECT_EQ(error_of(PickleWriter().op("N)").op(tests::kReduce)),
            "byte 4: expected a class, got None");
  EXPECT_EQ(error_of(PickleWriter().op("]N").op(tests::kBuild)),
            "byte 4: expected an object without state, got a list");
  EXPECT_EQ(error_of(PickleWriter().op("NN").op("\x93")), "byte 4: expected a string, got None");
}

// The file announces 4 GB and holds none of them.
TEST(PickleReader, RefusesAHostileLength) {
  PickleWriter w;
  EXPECT_EQ(error_of(w.op("B").little_endian(0xfffffff0u, 4)),
            "byte 2: expected bytes of at most 1048576 or exactly 8, got 4294967280");
}

TEST(PickleReader, BombsStayWithinTheLimits) {
  rusage before;
  getrusage(RUSAGE_SELF, &before);
  const auto repeated = [&](const std::string& start, const std::string& unit) {
    PickleWriter w;
    w.op(start);
    std::string body;
    for (int i = 0; i < 1100000; ++i) body += unit;
    return w.op(body);
  };

  EXPECT_NE(error_of(repeated("", "(")), "");                         // marks
  EXPECT_NE(error_of(repeated("", "N")), "");                         // values
  EXPECT_NE(error_of(repeated("N", "\x94")), "");                     // memo
  EXPECT_NE(error_of(repeated("N", "\x85")), "");                     // nesting
  EXPECT_NE(error_of(repeated("N\x94", std::string("h\0", 2))), "");  // stack
  PickleWriter texts;
  for (int i = 0; i < 5; ++i) texts.data(std::string(1 << 20, 'x'));
  PickleRules little_room = test_rules();
  little_room.limits.kept_bytes = 4 << 20;
  EXPECT_NE(error_of(texts, little_room).find("too much data"), std::string::npos);
  PickleRules short_files = test_rules();
  short_files.limits.file_bytes = 1 << 20;
  EXPECT_NE(error_of(texts, short_files).find("at most 1048576 bytes"), std::string::npos);

  rusage after;
  getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 400 * 1024);  // KiB; the test itself holds half
}

TEST(PickleReader, DeepAndCircularNestingIsHarmless) {
  PickleWriter deep;
  deep.op("N").op(std::string(100000, '\x85')).op(tests::kStop);
  EXPECT_EQ(error_of(deep), "");
  PickleWriter circle;  // a list that holds itself
  circle.op(tests::kEmptyList).op(tests::kMemoize).op(tests::kMark);
  circle.op(std::string("h\x00", 2)).op(tests::kAppends).op(tests::kStop);
  EXPECT_EQ(error_of(circle), "");
}

TEST(PickleReader, ControlCharactersOfAFileDoNotReachTheMessage) {
  PickleWriter w;
  w.global("o\n\x1b[2Js", "x");

  EXPECT_NE(error_of(w).find("\"o??[2Js x\""), std::string::npos);
}

}  // namespace
}  // namespace mint::training
