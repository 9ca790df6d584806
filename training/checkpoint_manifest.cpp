#include "training/checkpoint_manifest.h"

#include <cstdio>
#include <stdexcept>

#include <zlib.h>
#include <nlohmann/json.hpp>

#include "training/atomic_file.h"
#include "training/printable_json.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManifest = "manifest.json";
constexpr const char* kFormat = "mint checkpoint";
constexpr int kVersion = 1;
constexpr uint64_t kLargestManifest = 1 << 20;         // bytes
constexpr uint64_t kLargestFile = uint64_t{16} << 30;  // bytes

std::string checksum(const std::string& bytes) {
  const uLong crc = crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  char text[16];
  std::snprintf(text, sizeof(text), "%08lx", crc);
  return text;
}

std::string read_file_of(const fs::path& checkpoint, const std::string& name,
                         const nlohmann::json& entry) {
  if (name.empty() || name.find('/') != std::string::npos || name != printable(name))
    throw std::runtime_error((checkpoint / kManifest).string() +
                             ": files: expected plain names, got \"" + printable(name) + "\"");
  const std::string where = (checkpoint / name).string();
  if (!entry.at("bytes").is_number_unsigned())
    throw std::runtime_error((checkpoint / kManifest).string() + ": files." + name +
                             ".bytes: expected a size, got " + printable(entry.at("bytes")));
  const auto size = entry.at("bytes").get<uint64_t>();
  const auto expected = entry.at("crc32").get<std::string>();
  const auto require_size = [&](uint64_t got) {
    if (got != size)
      throw std::runtime_error(where + ": size: expected " + std::to_string(size) + " bytes, got " +
                               std::to_string(got));
  };
  std::error_code missing;  // read_file() says of what
  const auto there = fs::file_size(checkpoint / name, missing);
  if (!missing) require_size(there);  // before memory is taken for it
  if (size > kLargestFile)
    throw std::runtime_error(where + ": size: expected at most " + std::to_string(kLargestFile) +
                             " bytes, got " + std::to_string(size));
  const std::string bytes = read_file(checkpoint / name);
  require_size(bytes.size());
  const std::string crc = checksum(bytes);
  if (crc != expected)
    throw std::runtime_error(where + ": checksum: expected " + printable(expected) + ", got " +
                             crc + "; the file is damaged");
  return bytes;
}

}  // namespace

std::string manifest_text(const std::map<std::string, std::string>& files) {
  nlohmann::ordered_json manifest;
  manifest["format"] = kFormat;
  manifest["version"] = kVersion;
  for (const auto& [name, bytes] : files)
    manifest["files"][name] = {{"bytes", bytes.size()}, {"crc32", checksum(bytes)}};
  return manifest.dump(2) + "\n";
}

std::map<std::string, std::string> read_verified_files(const fs::path& checkpoint) {
  const std::string where = (checkpoint / kManifest).string();
  std::error_code missing;  // read_file() says of what
  if (fs::file_size(checkpoint / kManifest, missing) > kLargestManifest && !missing)
    throw std::runtime_error(where + ": size: expected at most " +
                             std::to_string(kLargestManifest) + " bytes");
  const std::string text = read_file(checkpoint / kManifest);
  std::map<std::string, std::string> files;
  try {
    const auto manifest = nlohmann::json::parse(text);
    if (manifest.at("format") != kFormat)
      throw std::runtime_error(where + ": format: expected \"" + kFormat + "\", got " +
                               printable(manifest.at("format")));
    if (manifest.at("version") != kVersion)
      throw std::runtime_error(where + ": version: expected " + std::to_string(kVersion) +
                               ", got " + printable(manifest.at("version")));
    for (const auto& [name, entry] : manifest.at("files").items())
      files[name] = read_file_of(checkpoint, name, entry);
  } catch (const nlohmann::json::exception&) {
    throw std::runtime_error(where + ": manifest: expected the list of a checkpoint's files, got " +
                             "damage");
  }
  return files;
}

}  // namespace mint::training
