// What the last part of an environment's name asks of its images: the original's preprocessors
// (section 8 of the MAGICAL page).
//
// An observation is one or two uint8 arrays, which stand one after the other in memory. The small
// ones stack four frames of 96 x 96 along the channels: channel 3 * slot + (0 red, 1 green, 2
// blue), oldest frame in slot 0.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "envs/draw.h"

namespace mint::envs {

enum class Preprocessor : uint8_t {
  kNone,        // allo [384, 384, 3] and ego [384, 384, 3], the newest frame alone
  kLoRes4A,     // the last 4 allo [96, 96, 12]
  kLoRes4E,     // the last 4 ego [96, 96, 12]
  kLoRes3EA,    // the newest allo, then the last 3 ego [96, 96, 12]
  kLoResCHW4E,  // as kLoRes4E with the channels first [12, 96, 96]
  kLoResStack,  // the last 4 allo [96, 96, 12] and the last 4 ego [96, 96, 12]
};

inline constexpr Preprocessor kPreprocessors[] = {
    Preprocessor::kNone,     Preprocessor::kLoRes4A,    Preprocessor::kLoRes4E,
    Preprocessor::kLoRes3EA, Preprocessor::kLoResCHW4E, Preprocessor::kLoResStack};

// The name as it stands in an environment's name, "LoRes4A"; "" for kNone.
const char* to_string(Preprocessor preprocessor);
// Throws std::invalid_argument that lists the known names.
Preprocessor parse_preprocessor(const std::string& name);

inline constexpr int kStackedFrames = 4;  // in one stack

// A frame of a stack: whose view, and how many control steps ago (0 = newest).
struct StackSlot {
  Camera camera = Camera::kAllocentric;
  int age = 0;  // 0..3
};

// One array of an observation.
struct ObservationArray {
  std::array<int, 3> shape = {0, 0, 0};
  bool is_stack = false;  // false: one 384 x 384 frame of slots[0].camera, the newest
  bool channels_first = false;
  std::array<StackSlot, kStackedFrames> slots;

  size_t bytes() const { return size_t{1} * shape[0] * shape[1] * shape[2]; }
};

// The arrays of an observation, in order.
const std::vector<ObservationArray>& observation_arrays(Preprocessor preprocessor);
size_t observation_bytes(Preprocessor preprocessor);  // of all arrays together

// Interleaves four frames [96, 96, 3], in slot order, into `stack`: [96, 96, 12], or [12, 96, 96]
// when `channels_first`.
void stack_frames(const std::array<const uint8_t*, kStackedFrames>& frames, bool channels_first,
                  uint8_t* stack);

}  // namespace mint::envs
