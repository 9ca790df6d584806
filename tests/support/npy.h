// Reads NumPy .npy files (format 1.0, little endian, C order), the format of the fixtures.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace mint::tests {

// Any dtype of the fixtures (|u1, <i8, <f4, <f8), widened to double, which holds all of their
// values exactly. Integers beyond 2^53 do not occur.
struct Array {
  std::vector<int64_t> shape;
  std::vector<double> values;  // C order

  int64_t size() const { return static_cast<int64_t>(values.size()); }
};

// Throws std::runtime_error naming the file when it is missing, truncated or of another dtype.
Array read_npy(const std::filesystem::path& file);

// Raw little-endian float32, the format of the fixtures' .bin files.
std::vector<float> read_floats(const std::filesystem::path& file);

}  // namespace mint::tests
