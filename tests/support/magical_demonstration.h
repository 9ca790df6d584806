// Original MAGICAL demonstrations assembled opcode by opcode, as shared/demos/README.md describes
// them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mint::tests {

// A demonstration with everything that a file can get wrong as a field.
struct MagicalRecipe {
  std::vector<int64_t> actions = {7, 17};
  int32_t actions_shape = 2;
  std::string actions_type = "i8";
  std::string order = "<";
  int32_t height = 384;
  size_t image_bytes = 384 * 384 * 3;
  int frames = 3;
  int rewards = 2;
  bool is_fortran = false;
  double score = 1;
  std::string env_name = "MoveToRegion-Demo-v0";
  std::string second_view = "ego";
  std::string trajectory_class = "MILBenchTrajectory";
};

void write_magical_demonstration(const std::filesystem::path& file, const MagicalRecipe& recipe);

}  // namespace mint::tests
