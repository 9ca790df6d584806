#include "training/clevrer.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

#include "tests/support/error_of.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using perception::RunLengthMask;

// A 2 x 3 mask in plain form.
json object(const std::string& colour, std::vector<int64_t> counts, double score = 1) {
  return {{"mask", {{"size", {2, 3}}, {"counts", counts}}},
          {"video_index", 0},
          {"frame_index", 0},
          {"color", colour},
          {"material", "metal"},
          {"shape", "cube"},
          {"score", score}};
}

json document(const std::vector<std::vector<json>>& frames) {
  json result = {
      {"video_index", 0}, {"video_filename", "video_00000.mp4"}, {"frames", json::array()}};
  for (const auto& objects : frames) {
    result["frames"].push_back(
        {{"frame_index", result["frames"].size()}, {"objects", json(objects)}});
  }
  return result;
}

class ClevrerTest : public testing::Test {
 protected:
  fs::path file(const std::string& name) const { return folder_.path() / name; }

  void add(const std::string& name, const std::string& content = "x") const {
    fs::create_directories(file(name).parent_path());
    tests::write_file(file(name), content);
  }

  std::vector<perception::FrameObjects> read(const json& document,
                                             std::vector<std::string>* names = nullptr) const {
    add("proposal_00000.json", document.dump());
    return read_proposals(file("proposal_00000.json"), names);
  }

  std::string error(const json& document) const {
    return tests::error_of<std::runtime_error>([&] { read(document); });
  }

  std::string place(const std::string& where) const {
    return file("proposal_00000.json").string() + ": " + where;
  }

 private:
  tests::TemporaryFolder folder_;
};

TEST_F(ClevrerTest, ListsBothLayoutsByNumber) {
  for (const std::string folder : {"", "video_00000-01000/"}) {
    const std::string root = folder.empty() ? "flat" : "nested";
    for (const std::string number : {"00010", "00002"}) {
      add(root + "/video_train/" + folder + "video_" + number + ".mp4");
      add(root + "/derender_proposals/proposal_" + number + ".json");
    }

    const auto entries = list_clevrer(file(root), "train");

    ASSERT_EQ(entries.size(), 2u) << root;
    EXPECT_EQ(entries[0].index, 2);
    EXPECT_EQ(entries[0].video, file(root + "/video_train/" + folder + "video_00002.mp4"));
    EXPECT_EQ(entries[1].index, 10);
    EXPECT_EQ(entries[1].proposals, file(root + "/derender_proposals/proposal_00010.json"));
  }
}

TEST_F(ClevrerTest, PairsByNumberAndLeavesMissingProposalsEmpty) {
  add("video_train/video_00000.mp4");
  add("video_train/video_00001.mp4");
  add("derender_proposals/sim_00001.json");

  const auto entries = list_clevrer(file(""), "train");

  ASSERT_EQ(entries.size(), 2u);
  EXPECT_TRUE(entries[0].proposals.empty());
  EXPECT_EQ(entries[1].proposals.filename(), "sim_00001.json");
}

TEST_F(ClevrerTest, ListsOneSplitOrAll) {
  add("video_test/video_15000.mp4");
  add("video_train/video_00000.mp4");

  EXPECT_EQ(list_clevrer(file(""), "test").at(0).index, 15000);
  EXPECT_EQ(list_clevrer(file(""), "test").size(), 1u);
  EXPECT_EQ(list_clevrer(file(""), "").size(), 2u);
}

TEST_F(ClevrerTest, PassesOverHiddenFilesAndNamesWithoutANumber) {
  add("video_train/video_00000.mp4");
  add("video_train/.video_00001.partial-17.mp4");
  add("video_train/._video_00002.mp4");
  add("video_train/preview.mp4");
  add("video_train/video_00003.txt");

  EXPECT_EQ(list_clevrer(file(""), "train").size(), 1u);
}

TEST_F(ClevrerTest, RefusesTwoVideosOfOneNumber) {
  add("video_train/a/video_00000.mp4");
  add("video_train/b/video_00000.mp4");

  const std::string error = tests::error_of([&] { list_clevrer(file(""), "train"); });

  EXPECT_EQ(error, file("video_train/b/video_00000.mp4").string() +
                       ": expected one file with this number, got " +
                       file("video_train/a/video_00000.mp4").string() + ", too");
}

TEST_F(ClevrerTest, SaysWhatIsMissingOfAFolder) {
  EXPECT_NE(tests::error_of([&] {
              list_clevrer(file(""), "train");
            }).find("expected CLEVRER's folder video_train, found none"),
            std::string::npos);
  add("video_train/readme.txt");
  EXPECT_NE(tests::error_of([&] { list_clevrer(file(""), "train"); }).find("found no such video"),
            std::string::npos);
}

TEST_F(ClevrerTest, NumbersObjectsByFirstAppearanceAndReadsBothFormsOfCounts) {
  json compressed = object("blue", {});
  compressed["mask"]["counts"] = RunLengthMask::from_counts(2, 3, {1, 2, 3}).compressed();
  std::vector<std::string> names;

  const auto frames =
      read(document({{object("red", {0, 6})}, {}, {compressed, object("red", {5, 1})}}), &names);

  EXPECT_EQ(names, (std::vector<std::string>{"red_metal_cube", "blue_metal_cube"}));
  ASSERT_EQ(frames.size(), 3u);
  EXPECT_TRUE(frames[1].empty());
  ASSERT_EQ(frames[2].size(), 2u);
  EXPECT_EQ(frames[2][0].object, 1);
  EXPECT_EQ(frames[2][0].mask.counts(), (std::vector<int64_t>{1, 2, 3}));
  EXPECT_EQ(frames[2][1].object, 0);
  EXPECT_TRUE(frames[2][1].mask.contains(2, 1));
}

TEST_F(ClevrerTest, KeepsTheHigherScoreOfARepeatedTriple) {
  const auto frames = read(document({{object("red", {0, 6}, 0.5), object("red", {6}, 0.9)},
                                     {object("red", {0, 6}, 0.9), object("red", {6}, 0.5)}}));

  ASSERT_EQ(frames[0].size(), 1u);
  EXPECT_EQ(frames[0][0].mask.area(), 0);
  ASSERT_EQ(frames[1].size(), 1u);
  EXPECT_EQ(frames[1][0].mask.area(), 6);
}

TEST_F(ClevrerTest, ReadsTheOlderForm) {
  json old = {
      {"video_name", "sim_00000"},
      {"ground_truth", {{"objects", json::array()}}},
      {"frames", {{{"frame_filename", "sim_00000_0.png"}, {"objects", {object("red", {0, 6})}}}}}};
  old["frames"][0]["objects"][0].erase("score");

  const auto frames = read(old);

  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].at(0).mask.area(), 6);
}

TEST_F(ClevrerTest, ReadsMasksOfTheSizeOfItsVideos) {
  std::vector<uint8_t> bitmap(320 * 480);
  for (int row = 140; row < 184; ++row) bitmap[row * 480 + 61] = 1;
  const RunLengthMask mask = RunLengthMask::from_bitmap(bitmap.data(), 320, 480);
  json one = object("blue", {});
  one["mask"] = {{"size", {320, 480}}, {"counts", mask.compressed()}};

  const auto frames = read(document({{one}}));

  EXPECT_EQ(frames[0].at(0).mask.bitmap(), bitmap);
}

TEST_F(ClevrerTest, NamesTheFileAndThePlaceOfDamage) {
  json no_frames = document({});
  no_frames.erase("frames");
  json no_colour = document({{object("red", {6})}});
  no_colour["frames"][0]["objects"][0].erase("color");
  json no_mask = document({{object("red", {6})}});
  no_mask["frames"][0]["objects"][0].erase("mask");
  json text_in_counts = document({{object("red", {6})}});
  text_in_counts["frames"][0]["objects"][0]["mask"]["counts"] = {6, "a"};
  json swapped = document({{}, {}});
  swapped["frames"][0]["frame_index"] = 1;
  json number = document({{object("red", {6})}});
  number["frames"][0]["objects"][0] = 3;

  EXPECT_EQ(error(no_frames), place("expected \"frames\", found none"));
  EXPECT_EQ(error(no_colour), place("frames[0].objects[0]: expected \"color\", found none"));
  EXPECT_EQ(error(no_mask), place("frames[0].objects[0]: expected \"mask\", found none"));
  EXPECT_EQ(error(text_in_counts),
            place("frames[0].objects[0].mask.counts: expected integers, got \"a\""));
  EXPECT_EQ(error(swapped), place("frames[0].frame_index: expected 0, got 1"));
  EXPECT_EQ(error(number), place("frames[0].objects[0]: expected \"color\", found none"));
  EXPECT_EQ(error(json(7)), place("expected \"frames\", found none"));
}

TEST_F(ClevrerTest, NamesNestedValuesWithoutPrintingThem) {
  const int depth = 200'000;  // recursion would leave the stack
  const std::string nested = std::string(depth, '[') + std::string(depth, ']');
  add("a.json", R"({"frames":[{"objects":[],"frame_index":)" + nested + "}]}");

  EXPECT_EQ(tests::error_of<std::runtime_error>([&] { read_proposals(file("a.json"), nullptr); }),
            file("a.json").string() + ": frames[0].frame_index: expected 0, got an array");
}

TEST_F(ClevrerTest, RefusesMoreKindsOfObjectsThanAVideoHas) {
  std::vector<json> objects;
  for (int i = 0; i <= 1000; ++i) objects.push_back(object("colour " + std::to_string(i), {6}));

  EXPECT_EQ(error(document({objects})),
            place("frames[0].objects[1000]: expected at most 1000 kinds of objects, got another"));
}

TEST_F(ClevrerTest, RefusesMasksThatDoNotFitTheirSize) {
  const std::string message = error(document({{object("red", {7})}}));

  EXPECT_EQ(message.rfind(place("frames[0].objects[0].mask: "), 0), 0u) << message;
}

TEST_F(ClevrerTest, RefusesMasksOfDifferentSizes) {
  json other = object("red", {6});
  other["mask"]["size"] = {3, 2};

  EXPECT_EQ(error(document({{object("red", {6})}, {other}})),
            place("frames[1].objects[0].mask.size: expected [2, 3] as in the file's first mask, "
                  "got [3, 2]"));
}

TEST_F(ClevrerTest, NamesATruncatedAndAMissingFile) {
  const std::string whole = document({{object("red", {6})}}).dump();
  add("proposal_00000.json", whole.substr(0, whole.size() / 2));

  const auto read = [&](const char* name) {
    return tests::error_of<std::runtime_error>([&] { read_proposals(file(name), nullptr); });
  };

  EXPECT_EQ(read("proposal_00000.json"), place("expected JSON, got damage"));
  EXPECT_EQ(read("none.json").rfind(file("none.json").string(), 0), 0u);
}

}  // namespace
}  // namespace mint::training
