// What a demonstration file, a checkpoint or a run holds, as text for people, and what is wrong
// with it. Free of torch.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mint::training {

struct Inspection {
  std::string text;                 // lines
  std::vector<std::string> damage;  // one line each; empty when all is well
};

// Throws std::runtime_error when the path holds nothing that is known, or nothing readable.
Inspection inspect_path(const std::filesystem::path& path);

// The parts behind it.
Inspection inspect_demonstrations(const std::filesystem::path& file);
Inspection inspect_checkpoint(const std::filesystem::path& folder);
Inspection inspect_run(const std::filesystem::path& folder);
Inspection inspect_weights(const std::filesystem::path& file);  // *.safetensors

// Columns aligned, two spaces apart; numbers (`is_number` of the column) to the right.
std::string aligned(const std::vector<std::vector<std::string>>& rows,
                    const std::vector<bool>& is_number);

}  // namespace mint::training
