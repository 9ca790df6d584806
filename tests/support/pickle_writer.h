// Assembles pickles by hand, opcode by opcode, and gzips them into files to try readers on.
#pragma once

#include <cstdint>
#include <string>

#include "tests/support/files.h"  // to write what was made

namespace mint::tests {

// Appends opcodes of protocol 4, named as in Python's pickletools.
class PickleWriter {
 public:
  std::string bytes = std::string("\x80\x04", 2);  // PROTO 4

  PickleWriter& op(const std::string& opcode);  // also for raw bytes
  PickleWriter& little_endian(uint64_t value, int size);

  PickleWriter& integer(int32_t value);          // BININT
  PickleWriter& real(double value);              // BINFLOAT
  PickleWriter& text(const std::string& value);  // SHORT_BINUNICODE
  PickleWriter& letter(char value);              // SHORT_BINBYTES of one byte
  PickleWriter& data(const std::string& value);  // BINBYTES
  PickleWriter& global(const std::string& module, const std::string& name);  // STACK_GLOBAL
};

inline const std::string kMark = "(";
inline const std::string kStop = ".";
inline const std::string kNone = "N";
inline const std::string kFalse = "\x89";
inline const std::string kEmptyTuple = ")";
inline const std::string kEmptyList = "]";
inline const std::string kEmptyDict = "}";
inline const std::string kTuple = "t";
inline const std::string kTuple1 = "\x85";
inline const std::string kTuple3 = "\x87";
inline const std::string kAppends = "e";
inline const std::string kSetItem = "s";
inline const std::string kSetItems = "u";
inline const std::string kMemoize = "\x94";
inline const std::string kReduce = "R";
inline const std::string kNewObj = "\x81";
inline const std::string kBuild = "b";

std::string gzip(const std::string& bytes);

}  // namespace mint::tests
