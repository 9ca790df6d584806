// Reads a gzipped pickle (protocol 4) without running it: the result says what Python would have
// built, as plain values in one table. Only what occurs in MAGICAL's demonstrations is understood;
// any other opcode or class is refused, so nothing in a file can cause code to run.
//
// Hostile files: every failure is one std::runtime_error `file: byte N: expected X, got Y`, memory
// stays below 200 MB (PickleLimits), and values refer to each other by index, so
// that deep or circular nesting is harmless.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace mint::training {

struct PickleValue {
  enum class Kind : uint8_t {
    kNone,
    kFalse,
    kInt,
    kFloat,
    kString,
    kBytes,
    kLargeBytes,  // `text` is what PickleRules::reduce made of them
    kTuple,
    kList,
    kDict,
    kClass,   // a class or function by name
    kObject,  // the call of one: REDUCE or NEWOBJ
  };
  static constexpr uint32_t kAbsent = UINT32_MAX;

  Kind kind = Kind::kNone;
  uint64_t position = 0;         // in the uncompressed file
  int64_t integer = 0;           // kInt
  double real = 0;               // kFloat
  std::string text;              // kString, kBytes, kLargeBytes; kClass: "module name"
  std::vector<uint32_t> items;   // elements; of kDict and kObject: key, value, key, value, ...
  uint32_t callee = kAbsent;     // kObject: a kClass
  uint32_t arguments = kAbsent;  // kObject: a kTuple
  uint32_t state = kAbsent;      // kObject: what BUILD was given, if anything
};

const char* to_string(PickleValue::Kind kind);  // "a list", for messages

struct PickleLimits {
  uint64_t file_bytes = uint64_t{1} << 30;  // uncompressed
  size_t values = 1 << 18;
  size_t references = 1 << 20;   // all items of all values, the stack and the memo
  size_t kept_bytes = 64 << 20;  // all texts
  size_t bytes = 1 << 20;        // one bytes object that is not large
};

struct PickleRules {
  std::vector<std::string> classes;  // the ones allowed, "module name"
  // Bytes objects of exactly this size (0: none) are handed to `reduce` as soon as they are read,
  // and only its result is kept.
  size_t large_bytes = 0;
  std::function<std::string(const uint8_t* bytes)> reduce;
  PickleLimits limits;
};

struct Pickle {
  std::vector<PickleValue> values;
  uint32_t root = 0;
};

Pickle read_pickle(const std::filesystem::path& file, const PickleRules& rules);

}  // namespace mint::training
