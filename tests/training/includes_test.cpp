// Each folder includes only what its row of the design allows: the table is below, a forbidden
// #include anywhere in the repository fails the test.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace mint::tests {
namespace {

namespace fs = std::filesystem;

struct Row {
  std::string folder;                  // the longest that matches a file is its row
  std::vector<std::string> ours;       // folders ("envs/") and single headers
  std::vector<std::string> libraries;  // names of kLibraries
};

const std::vector<Row> kRows = {
    {"envs/", {"envs/"}, {"box2d", "SDL2"}},
    {"perception/", {"perception/"}, {"torch", "cuda", "giflib", "OpenCV"}},
    {"dynamics/", {"dynamics/", "perception/keypoints.h"}, {"torch"}},
    {"agents/", {"agents/", "dynamics/", "perception/keypoints.h"}, {"torch"}},
    {"agents/experts/", {"agents/experts/", "envs/"}, {}},
    {"training/",
     {"agents/", "agents/experts/", "dynamics/", "envs/", "perception/", "training/"},
     {"box2d", "CLI11", "cuda", "HDF5", "json", "OpenCV", "SDL2", "torch", "yaml-cpp", "zlib"}},
    {"tests/",
     {"agents/", "agents/experts/", "dynamics/", "envs/", "perception/", "tests/", "training/"},
     {"benchmark", "box2d", "CLI11", "cuda", "googletest", "HDF5", "json", "OpenCV", "SDL2",
      "torch", "yaml-cpp", "zlib"}},
};

// How the headers of a library start. Any other <header> with a slash is an unknown library,
// without one it belongs to the standard library or the system.
const std::map<std::string, std::vector<std::string>> kLibraries = {
    {"benchmark", {"benchmark/"}},
    {"box2d", {"box2d/"}},
    {"CLI11", {"CLI/"}},
    {"cuda", {"cuda", "cub/", "thrust/", "nccl"}},
    {"giflib", {"gif_lib.h"}},
    {"googletest", {"gtest/", "gmock/"}},
    {"HDF5", {"H5", "hdf5"}},
    {"json", {"nlohmann/"}},
    {"OpenCV", {"opencv2/"}},
    {"SDL2", {"SDL"}},
    {"system", {"sys/", "netinet/", "arpa/", "linux/"}},
    {"torch", {"torch/", "ATen/", "c10/", "caffe2/", "gloo/"}},
    {"yaml-cpp", {"yaml-cpp/"}},
    {"zlib", {"zlib.h", "zconf.h"}},
};

bool starts_with_any(const std::string& text, const std::vector<std::string>& starts) {
  for (const std::string& start : starts) {
    if (text.compare(0, start.size(), start) == 0) return true;
  }
  return false;
}

bool contains(const std::vector<std::string>& list, const std::string& value) {
  for (const std::string& entry : list) {
    if (entry == value) return true;
  }
  return false;
}

const Row* row_of(const std::string& file) {
  const Row* found = nullptr;
  for (const Row& row : kRows) {
    const bool matches = starts_with_any(file, {row.folder});
    if (matches && (!found || row.folder.size() > found->folder.size())) found = &row;
  }
  return found;
}

// "box2d", "" for the standard library and the system, or "unknown".
std::string library_of(const std::string& header) {
  for (const auto& [library, starts] : kLibraries) {
    if (starts_with_any(header, starts)) return library == "system" ? "" : library;
  }
  return header.find('/') == std::string::npos ? "" : "unknown";
}

// Why `file` (from the root of the repository) must not include `header`; "" if it may.
std::string objection(const std::string& file, const std::string& header, bool is_quoted) {
  const Row* row = row_of(file);
  if (!row) return "the folder has no row in the table";
  if (is_quoted) {
    const Row* other = row_of(header);
    if (!other) return "does not start at the root of the repository";
    // A row of its own inside an allowed folder (agents/experts/) has to be named itself.
    const bool is_named = contains(row->ours, other->folder) || contains(row->ours, header);
    return is_named ? "" : row->folder + " may not use " + other->folder;
  }
  const std::string library = library_of(header);
  if (library.empty() || contains(row->libraries, library)) return "";
  return row->folder + " may not use the library " + library;
}

struct SourceFile {
  std::string name;  // from the root of the repository
  std::vector<std::string> lines;
};

std::vector<SourceFile> source_files() {
  const char* variable = std::getenv("MINT_SOURCE_DIR");
  const fs::path root = variable ? variable : ".";
  std::vector<SourceFile> files;
  for (const char* folder : {"agents", "dynamics", "envs", "perception", "tests", "training"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string type = entry.path().extension().string();
      if (!contains({".h", ".cpp", ".cu", ".cuh"}, type)) continue;
      SourceFile file{fs::relative(entry.path(), root).generic_string(), {}};
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line);) file.lines.push_back(line);
      files.push_back(file);
    }
  }
  return files;
}

TEST(Includes, KeepToTheTableInEveryFile) {
  const std::regex include(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
  size_t count = 0;

  for (const SourceFile& file : source_files()) {
    for (size_t i = 0; i < file.lines.size(); ++i) {
      std::smatch match;
      if (!std::regex_search(file.lines[i], match, include)) continue;
      ++count;
      EXPECT_EQ(objection(file.name, match[2], match[1] == "\""), "")
          << file.name << ":" << i + 1 << ": " << file.lines[i];
    }
  }

  EXPECT_GT(count, 200u) << "set MINT_SOURCE_DIR to the repository";
}

TEST(Includes, AreForbiddenAcrossFolders) {
  EXPECT_EQ(objection("envs/world.cpp", "torch/types.h", false),
            "envs/ may not use the library torch");
  EXPECT_EQ(objection("envs/world.cpp", "opencv2/core.hpp", false),
            "envs/ may not use the library OpenCV");
  EXPECT_EQ(objection("perception/entropy.cpp", "envs/draw.h", true),
            "perception/ may not use envs/");
  EXPECT_EQ(objection("dynamics/messages.cpp", "perception/hourglass.h", true),
            "dynamics/ may not use perception/");
  EXPECT_EQ(objection("dynamics/messages.cpp", "agents/policy.h", true),
            "dynamics/ may not use agents/");
  EXPECT_EQ(objection("agents/registry.cpp", "agents/experts/expert.h", true),
            "agents/ may not use agents/experts/");
  EXPECT_EQ(objection("agents/experts/expert.cpp", "agents/policy.h", true),
            "agents/experts/ may not use agents/");
  EXPECT_EQ(objection("agents/experts/expert.cpp", "torch/torch.h", false),
            "agents/experts/ may not use the library torch");
  EXPECT_EQ(objection("training/rollout.cpp", "tests/support/npy.h", true),
            "training/ may not use tests/");
  EXPECT_EQ(objection("training/rollout.cpp", "fmt/core.h", false),
            "training/ may not use the library unknown");
  EXPECT_EQ(objection("envs/world.cpp", "world.h", true),
            "does not start at the root of the repository");
}

TEST(Includes, AreAllowedWhereTheTableSaysSo) {
  EXPECT_EQ(objection("envs/world.cpp", "box2d/box2d.h", false), "");
  EXPECT_EQ(objection("envs/window.cpp", "SDL.h", false), "");
  EXPECT_EQ(objection("envs/env.cpp", "vector", false), "");
  EXPECT_EQ(objection("dynamics/messages.cpp", "perception/keypoints.h", true), "");
  EXPECT_EQ(objection("agents/registry.cpp", "dynamics/messages.h", true), "");
  EXPECT_EQ(objection("agents/experts/expert.cpp", "envs/scene.h", true), "");
  EXPECT_EQ(objection("training/doctor.cpp", "sys/resource.h", false), "");
}

// Lengths are a warning only: a longer file may have its reason (style.md).
TEST(FileLengths, ArePrintedWhereTheyExceedTheNormalCase) {
  for (const SourceFile& file : source_files()) {
    const size_t limit = file.name.compare(file.name.size() - 2, 2, ".h") == 0 ? 200 : 400;
    if (file.lines.size() <= limit) continue;
    std::cout << "[ LONG     ] " << file.name << ": " << file.lines.size() << " lines, normal is "
              << limit << "\n";
  }
}

}  // namespace
}  // namespace mint::tests
