// The manifest of a checkpoint: size and CRC-32 of every file. Free of torch.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace mint::training {

// The text of manifest.json for these files (name to bytes).
std::string manifest_text(const std::map<std::string, std::string>& files);

// Reads a checkpoint: the bytes of every file that its manifest names, verified. Throws
// std::runtime_error naming the file that is missing, of another size or of another checksum.
std::map<std::string, std::string> read_verified_files(const std::filesystem::path& checkpoint);

}  // namespace mint::training
