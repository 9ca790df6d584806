// Where the reference numbers are, and how a test behaves without them.
//
// The folder is `fixtures/` inside $MINT_SHARED if that is set, else inside ../shared beside the
// checkout. Tests run over whatever cases they find there, print how many, are skipped where the
// folder is absent and fail where it exists but holds none.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace mint::tests {

// The folder that holds fixtures/, demos/ and videos/; it may not exist.
std::filesystem::path shared_folder();

// shared_folder()/"fixtures"/name, e.g. "magical" or "mint/entropy"; it may not exist.
std::filesystem::path fixtures_folder(const std::string& name);

// Parses a JSON file, gunzipping it first when the name ends in .gz. Throws std::runtime_error.
nlohmann::json read_json(const std::filesystem::path& file);

// Sorted paths in `folder` whose file name ends in `suffix`.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder,
                                            const std::string& suffix);

// Prints "[ CASES    ] <what>: <count>" and fails the current test if there were none.
void report_cases(const std::string& what, size_t count);

}  // namespace mint::tests

// Skips the current test with a message when the fixture folder `name` is absent; otherwise
// declares `variable` as its path.
#define MINT_FIXTURES(variable, name)                                                 \
  const std::filesystem::path variable = ::mint::tests::fixtures_folder(name);        \
  if (!std::filesystem::exists(variable)) {                                           \
    GTEST_SKIP() << "no fixtures at " << variable << "; set MINT_SHARED to use them"; \
  }
