#include "tests/support/fixtures.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <stdexcept>

#include <zlib.h>

namespace mint::tests {

std::filesystem::path shared_folder() {
  if (const char* folder = std::getenv("MINT_SHARED")) return folder;
  const char* source = std::getenv("MINT_SOURCE_DIR");
  return std::filesystem::path(source ? source : ".") / ".." / "shared";
}

std::filesystem::path fixtures_folder(const std::string& name) {
  return shared_folder() / "fixtures" / name;
}

nlohmann::json read_json(const std::filesystem::path& file) {
  gzFile in = gzopen(file.c_str(), "rb");  // reads plain files as they are
  if (!in) throw std::runtime_error(file.string() + ": cannot open");
  std::string text;
  char buffer[1 << 16];
  for (int n = 0; (n = gzread(in, buffer, sizeof buffer)) > 0;) text.append(buffer, n);
  gzclose(in);
  return nlohmann::json::parse(text);
}

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder,
                                            const std::string& suffix) {
  std::vector<std::filesystem::path> files;
  if (!std::filesystem::exists(folder)) return files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.size() >= suffix.size() &&
        name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

void report_cases(const std::string& what, size_t count) {
  std::cout << "[ CASES    ] " << what << ": " << count << "\n";
  EXPECT_GT(count, 0u) << what << ": the fixture folder exists but holds no case";
}

}  // namespace mint::tests
