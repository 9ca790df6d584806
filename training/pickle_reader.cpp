#include "training/pickle_reader.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "training/gzip_reader.h"
#include "training/printable.h"

namespace mint::training {
namespace {

using Kind = PickleValue::Kind;

// The opcodes that occur in MAGICAL's demonstrations; no others are known here.
enum Opcode : uint8_t {
  kMark = '(',
  kEmptyTuple = ')',
  kStop = '.',
  kBinBytes = 'B',
  kShortBinBytes = 'C',
  kBinFloat = 'G',
  kBinInt = 'J',
  kBinInt1 = 'K',
  kBinInt2 = 'M',
  kNone = 'N',
  kReduce = 'R',
  kEmptyList = ']',
  kBuild = 'b',
  kAppends = 'e',
  kBinGet = 'h',
  kLongBinGet = 'j',
  kSetItem = 's',
  kTuple = 't',
  kSetItems = 'u',
  kEmptyDict = '}',
  kProto = 0x80,
  kNewObj = 0x81,
  kTuple1 = 0x85,
  kTuple3 = 0x87,
  kNewFalse = 0x89,
  kShortBinUnicode = 0x8c,
  kStackGlobal = 0x93,
  kMemoize = 0x94,
  kFrame = 0x95,
};
constexpr int kProtocol = 4;

std::string hexadecimal(uint8_t byte) {
  const char* digits = "0123456789abcdef";
  return std::string("0x") + digits[byte >> 4] + digits[byte & 15];
}

// Pickle's virtual machine: a stack with marks and a memo, all of indices into the table.
class Machine {
 public:
  Machine(const std::filesystem::path& file, const PickleRules& rules)
      : rules_(rules), in_(file, rules.limits.file_bytes), large_(rules.large_bytes) {}

  Pickle run() {
    opcode_position_ = in_.position();
    expect(in_.byte() == kProto, "a pickle of protocol 4", "something else");
    const int protocol = in_.byte();
    expect(protocol == kProtocol, "protocol 4", "protocol " + std::to_string(protocol));
    for (;;) {
      opcode_position_ = in_.position();
      const uint8_t opcode = in_.byte();
      if (opcode == kStop) break;
      execute(opcode);
    }
    pickle_.root = pop();
    expect(stack_.empty() && marks_.empty(), "one value at the end", "several");
    in_.expect_end();
    return std::move(pickle_);
  }

 private:
  void execute(uint8_t opcode) {
    switch (opcode) {
      case kFrame:  // contents follow each other; the length is of no use
        integer(8);
        break;
      case kMark:
        marks_.push_back(stack_.size());
        count_reference();
        break;
      case kNone:
        push(Kind::kNone);
        break;
      case kNewFalse:
        push(Kind::kFalse);
        break;
      case kBinInt:
        push(Kind::kInt).integer = static_cast<int32_t>(integer(4));
        break;
      case kBinInt1:
        push(Kind::kInt).integer = static_cast<int64_t>(integer(1));
        break;
      case kBinInt2:
        push(Kind::kInt).integer = static_cast<int64_t>(integer(2));
        break;
      case kBinFloat:
        push(Kind::kFloat).real = big_endian_double();
        break;
      case kShortBinUnicode:
        push_text(Kind::kString, integer(1));
        break;
      case kShortBinBytes:
        push_text(Kind::kBytes, integer(1));
        break;
      case kBinBytes:
        push_text(Kind::kBytes, integer(4));
        break;
      case kEmptyTuple:
        push(Kind::kTuple);
        break;
      case kEmptyList:
        push(Kind::kList);
        break;
      case kEmptyDict:
        push(Kind::kDict);
        break;
      case kTuple:
        push_tuple(stack_.size() - pop_mark());
        break;
      case kTuple1:
        push_tuple(1);
        break;
      case kTuple3:
        push_tuple(3);
        break;
      case kAppends:
        append(stack_.size() - pop_mark(), /*to_list=*/true);
        break;
      case kSetItems:
        append(stack_.size() - pop_mark(), /*to_list=*/false);
        break;
      case kSetItem:
        append(2, /*to_list=*/false);
        break;
      case kMemoize:
        memo_.push_back(top());
        count_reference();
        break;
      case kBinGet:
        push_memo(integer(1));
        break;
      case kLongBinGet:
        push_memo(integer(4));
        break;
      case kStackGlobal:
        push_class();
        break;
      case kReduce:
      case kNewObj:
        push_call();
        break;
      case kBuild:
        build();
        break;
      default:
        expect(false, "an opcode of MAGICAL's demonstrations", hexadecimal(opcode));
    }
  }

  void expect(bool holds, const std::string& expected, const std::string& got) const {
    if (!holds) in_.fail(opcode_position_, expected, got);
  }

  uint64_t integer(int bytes) {  // little endian
    uint64_t value = 0;
    for (int i = 0; i < bytes; ++i) value |= uint64_t{in_.byte()} << (8 * i);
    return value;
  }

  double big_endian_double() {
    uint64_t bits = 0;
    for (int i = 0; i < 8; ++i) bits = bits << 8 | in_.byte();
    double value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }

  void count_reference() {
    expect(++references_ <= rules_.limits.references, "a demonstration", "too many references");
  }

  PickleValue& value(uint32_t index) { return pickle_.values[index]; }

  void push_index(uint32_t index) {
    stack_.push_back(index);
    count_reference();
  }

  PickleValue& push(Kind kind) {
    expect(pickle_.values.size() < rules_.limits.values, "a demonstration", "too many values");
    push_index(static_cast<uint32_t>(pickle_.values.size()));
    PickleValue& made = pickle_.values.emplace_back();
    made.kind = kind;
    made.position = opcode_position_;
    return made;
  }

  // Only what was pushed since the last mark may be used.
  void need(size_t count) const {
    const size_t floor = marks_.empty() ? 0 : marks_.back();
    expect(stack_.size() >= floor + count, "another value on the stack", "none");
  }

  uint32_t top() const {
    need(1);
    return stack_.back();
  }

  uint32_t pop() {
    const uint32_t index = top();
    stack_.pop_back();
    return index;
  }

  uint32_t pop(Kind kind) {
    const uint32_t index = pop();
    expect(value(index).kind == kind, to_string(kind), to_string(value(index).kind));
    return index;
  }

  // The height of the stack at the newest mark, which is removed.
  size_t pop_mark() {
    expect(!marks_.empty(), "a mark", "none");
    const size_t height = marks_.back();
    marks_.pop_back();
    return height;
  }

  // Moves the `count` newest values from the stack to the end of `items`.
  void move_items(size_t count, std::vector<uint32_t>& items) {
    items.insert(items.end(), stack_.end() - static_cast<ptrdiff_t>(count), stack_.end());
    stack_.resize(stack_.size() - count);
  }

  void push_tuple(size_t count) {
    need(count);
    std::vector<uint32_t> items;
    move_items(count, items);
    push(Kind::kTuple).items = std::move(items);
  }

  void append(size_t count, bool to_list) {
    need(count + 1);
    PickleValue& target = value(stack_[stack_.size() - count - 1]);
    if (to_list) {
      expect(target.kind == Kind::kList, "a list to append to", to_string(target.kind));
    } else {
      expect(target.kind == Kind::kDict || target.kind == Kind::kObject, "a dict to add to",
             to_string(target.kind));
      expect(count % 2 == 0, "pairs of key and value", "an odd number of values");
    }
    move_items(count, target.items);
  }

  void push_text(Kind kind, uint64_t size) {
    if (kind == Kind::kBytes && size > 0 && size == large_.size()) {
      in_.read(large_.data(), large_.size());
      std::string reduced = rules_.reduce(large_.data());
      keep(reduced.size());
      push(Kind::kLargeBytes).text = std::move(reduced);
      return;
    }
    expect(size <= rules_.limits.bytes,
           "bytes of at most " + std::to_string(rules_.limits.bytes) +
               (large_.empty() ? "" : " or exactly " + std::to_string(large_.size())),
           std::to_string(size));
    keep(size);
    std::string& text = push(kind).text;
    text.resize(size);
    in_.read(text.data(), size);
  }

  void keep(size_t bytes) {
    kept_bytes_ += bytes;
    expect(kept_bytes_ <= rules_.limits.kept_bytes, "a demonstration", "too much data");
  }

  void push_memo(uint64_t index) {
    expect(index < memo_.size(), "a memo index below " + std::to_string(memo_.size()),
           std::to_string(index));
    push_index(memo_[index]);
  }

  void push_class() {
    const uint32_t name = pop(Kind::kString);
    const uint32_t module = pop(Kind::kString);
    const std::string full = value(module).text + " " + value(name).text;
    const bool is_known =
        std::find(rules_.classes.begin(), rules_.classes.end(), full) != rules_.classes.end();
    expect(is_known, "a class of MAGICAL's demonstrations", "\"" + printable(full) + "\"");
    keep(full.size());
    push(Kind::kClass).text = full;
  }

  void push_call() {
    const uint32_t arguments = pop(Kind::kTuple);
    const uint32_t callee = pop(Kind::kClass);
    PickleValue& made = push(Kind::kObject);
    made.callee = callee;
    made.arguments = arguments;
  }

  void build() {
    const uint32_t state = pop();
    PickleValue& target = value(top());
    expect(target.kind == Kind::kObject && target.state == PickleValue::kAbsent,
           "an object without state", to_string(target.kind));
    target.state = state;
  }

  const PickleRules& rules_;
  GzipReader in_;
  uint64_t opcode_position_ = 0;
  Pickle pickle_;
  std::vector<uint32_t> stack_;
  std::vector<size_t> marks_;  // heights of the stack
  std::vector<uint32_t> memo_;
  std::vector<uint8_t> large_;  // the large bytes object in hand
  size_t references_ = 0;
  size_t kept_bytes_ = 0;
};

}  // namespace

const char* to_string(PickleValue::Kind kind) {
  switch (kind) {
    case Kind::kNone:
      return "None";
    case Kind::kFalse:
      return "False";
    case Kind::kInt:
      return "an integer";
    case Kind::kFloat:
      return "a float";
    case Kind::kString:
      return "a string";
    case Kind::kBytes:
      return "bytes";
    case Kind::kLargeBytes:
      return "an image's bytes";
    case Kind::kTuple:
      return "a tuple";
    case Kind::kList:
      return "a list";
    case Kind::kDict:
      return "a dict";
    case Kind::kClass:
      return "a class";
    case Kind::kObject:
      return "an object";
  }
  return "nothing";
}

Pickle read_pickle(const std::filesystem::path& file, const PickleRules& rules) {
  return Machine(file, rules).run();
}

}  // namespace mint::training
