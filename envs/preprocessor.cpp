#include "envs/preprocessor.h"

#include <cstring>
#include <stdexcept>

namespace mint::envs {
namespace {

constexpr Camera kAllo = Camera::kAllocentric;
constexpr Camera kEgo = Camera::kEgocentric;
constexpr int kPixels = kObservationSize_px * kObservationSize_px;

ObservationArray full_frame(Camera camera) {
  ObservationArray array;
  array.shape = {kFullSize_px, kFullSize_px, 3};
  array.slots[0] = {camera, 0};
  return array;
}

ObservationArray stack_of(const std::array<StackSlot, kStackedFrames>& slots) {
  ObservationArray array;
  array.shape = {kObservationSize_px, kObservationSize_px, 3 * kStackedFrames};
  array.is_stack = true;
  array.slots = slots;
  return array;
}

ObservationArray last_four(Camera camera) {
  return stack_of({{{camera, 3}, {camera, 2}, {camera, 1}, {camera, 0}}});
}

ObservationArray with_channels_first(ObservationArray array) {
  array.channels_first = true;
  array.shape = {array.shape[2], array.shape[0], array.shape[1]};
  return array;
}

std::vector<ObservationArray> arrays_of(Preprocessor preprocessor) {
  switch (preprocessor) {
    case Preprocessor::kLoRes4A:
      return {last_four(kAllo)};
    case Preprocessor::kLoRes4E:
      return {last_four(kEgo)};
    case Preprocessor::kLoRes3EA:
      return {stack_of({{{kAllo, 0}, {kEgo, 2}, {kEgo, 1}, {kEgo, 0}}})};
    case Preprocessor::kLoResCHW4E:
      return {with_channels_first(last_four(kEgo))};
    case Preprocessor::kLoResStack:
      return {last_four(kAllo), last_four(kEgo)};
    case Preprocessor::kNone:
      break;
  }
  return {full_frame(kAllo), full_frame(kEgo)};
}

}  // namespace

const char* to_string(Preprocessor preprocessor) {
  switch (preprocessor) {
    case Preprocessor::kLoRes4A:
      return "LoRes4A";
    case Preprocessor::kLoRes4E:
      return "LoRes4E";
    case Preprocessor::kLoRes3EA:
      return "LoRes3EA";
    case Preprocessor::kLoResCHW4E:
      return "LoResCHW4E";
    case Preprocessor::kLoResStack:
      return "LoResStack";
    case Preprocessor::kNone:
      break;
  }
  return "";
}

Preprocessor parse_preprocessor(const std::string& name) {
  std::string known;
  for (const Preprocessor preprocessor : kPreprocessors) {
    if (name == to_string(preprocessor)) return preprocessor;
    if (preprocessor != Preprocessor::kNone) known += std::string(to_string(preprocessor)) + ", ";
  }
  throw std::invalid_argument("preprocessor: expected one of " + known + "or none, got \"" + name +
                              "\"");
}

const std::vector<ObservationArray>& observation_arrays(Preprocessor preprocessor) {
  static const auto all = [] {
    std::array<std::vector<ObservationArray>, std::size(kPreprocessors)> table;
    for (const Preprocessor p : kPreprocessors) table[static_cast<size_t>(p)] = arrays_of(p);
    return table;
  }();
  return all[static_cast<size_t>(preprocessor)];
}

size_t observation_bytes(Preprocessor preprocessor) {
  size_t bytes = 0;
  for (const ObservationArray& array : observation_arrays(preprocessor)) bytes += array.bytes();
  return bytes;
}

void stack_frames(const std::array<const uint8_t*, kStackedFrames>& frames, bool channels_first,
                  uint8_t* stack) {
  if (channels_first) {
    for (const uint8_t* frame : frames) {
      uint8_t* red = stack;
      uint8_t* green = stack + kPixels;
      uint8_t* blue = stack + 2 * kPixels;
      for (int i = 0; i < kPixels; ++i) {
        red[i] = frame[3 * i];
        green[i] = frame[3 * i + 1];
        blue[i] = frame[3 * i + 2];
      }
      stack += 3 * kPixels;
    }
    return;
  }
  // Four bytes are moved faster than three; the next move overwrites the surplus one. Only the last
  // pixel has no surplus byte to read.
  for (int i = 0; i + 1 < kPixels; ++i) {
    for (const uint8_t* frame : frames) {
      std::memcpy(stack, frame + 3 * i, 4);
      stack += 3;
    }
  }
  for (const uint8_t* frame : frames) {
    std::memcpy(stack, frame + 3 * (kPixels - 1), 3);
    stack += 3;
  }
}

}  // namespace mint::envs
