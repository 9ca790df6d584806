#include "training/config.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/error_of.h"

namespace elsewhere {  // stands for a folder that knows nothing of configuration

enum class Metric { kDot, kCosine };

struct LossConfig {
  double weight = 0.1;
  float margin = 0.5f;
  Metric metric = Metric::kDot;
  std::vector<double> scales = {1, 0.25};
};

}  // namespace elsewhere

namespace mint::training {
namespace {

struct TrainConfig {
  int epochs = 8;
  int64_t keypoints = 25;
  uint64_t seed = 0;
  bool shuffle = true;
  std::string device = "auto";
  std::string note;
  std::vector<std::string> data;
  std::vector<int64_t> layers = {3, 25};
  elsewhere::LossConfig loss;
};

}  // namespace

void fields(Fields& f, elsewhere::LossConfig& c) {
  f.field("weight", c.weight, at_least(0), "weight of the loss");
  f.field("margin", c.margin, above(0), "distance, fraction of the image");
  f.choice("metric", c.metric,
           {{"dot", elsewhere::Metric::kDot}, {"cosine", elsewhere::Metric::kCosine}}, "metric");
  f.field("scales", c.scales, range(0, 1), "of the image");
}

void fields(Fields& f, TrainConfig& c) {
  f.field("epochs", c.epochs, range(1, 100000), "passes over the data");
  f.field("keypoints", c.keypoints, range(1, 512), "K");
  f.field("seed", c.seed, at_least(0), "root seed");
  f.field("shuffle", c.shuffle, "whether to shuffle");
  f.field("device", c.device, one_of({"auto", "cpu", "cuda"}), "where to compute");
  f.field("note", c.note, any_text(), "for people");
  f.field("data", c.data, any_text(), "files");
  f.field("layers", c.layers, range(1, 1024), "channels");
  f.group("loss", c.loss);
}

namespace {

std::string error_of(const std::string& yaml, const std::vector<std::string>& overrides = {}) {
  return tests::error_of<ConfigError>(
      [&] { parse_config<TrainConfig>(yaml, "a.yaml", overrides); });
}

TEST(Config, KeepsDefaultsOfKeysThatAreNotGiven) {
  const auto c = parse_config<TrainConfig>("epochs: 3\nloss:\n  weight: 0.5\n", "a.yaml");

  EXPECT_EQ(c.epochs, 3);
  EXPECT_EQ(c.keypoints, 25);
  EXPECT_EQ(c.loss.weight, 0.5);
  EXPECT_EQ(c.loss.margin, 0.5f);
}

TEST(Config, AnEmptyFileMeansTheDefaults) {
  EXPECT_EQ(parse_config<TrainConfig>("", "a.yaml").epochs, 8);
  EXPECT_EQ(parse_config<TrainConfig>("# only a comment\n", "a.yaml").epochs, 8);
}

TEST(Config, OverridesFollowTheSamePathAsTheFile) {
  const auto c = parse_config<TrainConfig>(
      "epochs: 3\n", "a.yaml",
      {"epochs=5", "loss.metric=cosine", "data=a.h5,b.h5", "layers=[7, 9]", "note=x=y",
       "seed=18446744073709551615", "shuffle=false", "loss.weight=1e-3"});

  EXPECT_EQ(c.epochs, 5);
  EXPECT_EQ(c.loss.metric, elsewhere::Metric::kCosine);
  EXPECT_EQ(c.data, (std::vector<std::string>{"a.h5", "b.h5"}));
  EXPECT_EQ(c.layers, (std::vector<int64_t>{7, 9}));
  EXPECT_EQ(c.note, "x=y");
  EXPECT_EQ(c.seed, 18446744073709551615u);
  EXPECT_FALSE(c.shuffle);
  EXPECT_EQ(c.loss.weight, 1e-3);
}

TEST(Config, ReadsListsInAllSpellings) {
  const auto c = parse_config<TrainConfig>(
      "data: a.h5, b.h5\nlayers:\n  - 1\n  - 2\nloss: {scales: [0.5]}\n", "a.yaml");

  EXPECT_EQ(c.data, (std::vector<std::string>{"a.h5", "b.h5"}));
  EXPECT_EQ(c.layers, (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(c.loss.scales, std::vector<double>{0.5});
}

TEST(Config, NamesFileLineKeyAndRangeOfABadValue) {
  EXPECT_EQ(error_of("epochs: four\n"),
            "a.yaml:1: epochs: expected an integer in [1, 100000], got \"four\"");
  EXPECT_EQ(error_of("\nepochs: 0\n"),
            "a.yaml:2: epochs: expected an integer in [1, 100000], got \"0\"");
  EXPECT_EQ(error_of("epochs: 2.5\n"),
            "a.yaml:1: epochs: expected an integer in [1, 100000], got \"2.5\"");
  EXPECT_EQ(error_of("loss:\n  weight: -1\n"),
            "a.yaml:2: loss.weight: expected a number >= 0, got \"-1\"");
  EXPECT_EQ(error_of("loss:\n  weight: nan\n"),
            "a.yaml:2: loss.weight: expected a number >= 0, got \"nan\"");
  EXPECT_EQ(error_of("loss:\n  margin: 0\n"),
            "a.yaml:2: loss.margin: expected a number > 0, got \"0\"");
  EXPECT_EQ(error_of("device: gpu\n"),
            "a.yaml:1: device: expected one of auto, cpu, cuda, got \"gpu\"");
  EXPECT_EQ(error_of("shuffle: 1\n"), "a.yaml:1: shuffle: expected true or false, got \"1\"");
  EXPECT_EQ(error_of("loss:\n  metric: l2\n"),
            "a.yaml:2: loss.metric: expected one of dot, cosine, got \"l2\"");
  EXPECT_EQ(error_of("layers: [1, x]\n"),
            "a.yaml:1: layers: expected a list, each an integer in [1, 1024], got \"[1, x]\"");
  EXPECT_EQ(error_of("epochs:\n"),
            "a.yaml:1: epochs: expected an integer in [1, 100000], got \"\"");
  EXPECT_EQ(error_of("", {"epochs=four"}),
            "command line: epochs: expected an integer in [1, 100000], got \"four\"");
}

TEST(Config, NamesTheNearestKnownKey) {
  EXPECT_EQ(error_of("a: 1\n"),
            "a.yaml:1: a: unknown key; known keys: epochs, keypoints, seed, shuffle, device, note, "
            "data, layers, loss");
  EXPECT_EQ(error_of("epochs: 2\nepohcs: 1\n"),
            "a.yaml:2: epohcs: unknown key; did you mean \"epochs\"?");
  EXPECT_EQ(error_of("loss:\n  wieght: 1\n"),
            "a.yaml:2: loss.wieght: unknown key; did you mean \"weight\"?");
  EXPECT_EQ(error_of("margin: 1\n"),
            "a.yaml:1: margin: unknown key; did you mean \"loss.margin\"?");
  EXPECT_EQ(error_of("", {"loss.wieght=1"}),
            "command line: loss.wieght: unknown key; did you mean \"weight\"?");
}

TEST(Config, RefusesWhatIsNotAConfiguration) {
  EXPECT_EQ(error_of("loss: 3\n"),
            "a.yaml:1: loss: expected a group with weight, margin, metric, scales, got \"3\"");
  EXPECT_EQ(error_of("- 1\n- 2\n"), "a.yaml:1: file: expected `key: value` lines, got \"- 1 - 2\"");
  EXPECT_EQ(error_of("epochs: 1\nepochs: 2\n"), "a.yaml:2: epochs: given twice");
  EXPECT_EQ(error_of("", {"epochs"}), "command line: override: expected key=value, got \"epochs\"");
  EXPECT_EQ(error_of("", {"loss=3"}),
            "command line: loss: expected a key of the group, one of weight, margin, metric, "
            "scales, got \"loss=3\"");
  EXPECT_EQ(error_of("epochs: [1\n").rfind("a.yaml:2: column 1: expected YAML, got ", 0), 0u);
}

TEST(Config, EveryErrorIsOneLine) {
  for (const std::string yaml : {"a: |\n  b\n  c\n", "? [1, 2]\n: 3\n", "epochs: {a: 1,\n b: 2}\n",
                                 "\t- x\n", "a: *b\n", "%YAML\n---\n"}) {
    const std::string error = error_of(yaml);
    EXPECT_NE(error, "no error") << yaml;
    EXPECT_EQ(error.find('\n'), std::string::npos) << error;
  }
}

TEST(Config, AMissingFileIsOneClearLine) {
  try {
    load_config<TrainConfig>("/nowhere/a.yaml");
    FAIL();
  } catch (const ConfigError& e) {
    EXPECT_STREQ(e.what(),
                 "/nowhere/a.yaml: configuration: cannot be read: No such file or directory");
  }
}

TEST(Config, DumpLoadsToTheSameValuesAndTheSameText) {
  TrainConfig c;
  c.note = "say \"hi\": #1\n\\";
  c.data = {"runs/a b.h5", "-", "x,y"};
  c.loss.weight = 0.1 + 0.2;
  c.loss.margin = 1e-7f;
  c.loss.metric = elsewhere::Metric::kCosine;
  const std::string text = dump_config(c);

  const auto read = parse_config<TrainConfig>(text, "a.yaml");

  EXPECT_EQ(dump_config(read), text);
  EXPECT_EQ(read.note, c.note);
  EXPECT_EQ(read.data, c.data);
  EXPECT_EQ(read.loss.weight, 0.30000000000000004);
  EXPECT_EQ(read.loss.margin, 1e-7f);
  EXPECT_EQ(read.loss.metric, elsewhere::Metric::kCosine);
}

TEST(Config, DumpKeepsTextsThatYamlTakesForNothing) {
  TrainConfig config;
  config.note = "null";
  config.data = {"Null", "NULL", "~", "nullify", std::string("null\0", 5)};

  const auto read = parse_config<TrainConfig>(dump_config(config), "dumped");

  EXPECT_EQ(read.note, config.note);
  EXPECT_EQ(read.data, config.data);
}

TEST(Config, ControlCharactersOfAFileDoNotReachTheMessage) {
  const auto error = [](const std::string& yaml) {
    return tests::error_of<ConfigError>([&] { parse_config<TrainConfig>(yaml, "c.yaml"); });
  };

  EXPECT_EQ(error("epochs: \"3\\n\\e[2J\""),
            "c.yaml:1: epochs: expected an integer in [1, 100000], got \"3??[2J\"");
  EXPECT_EQ(error("\"epochs\\n\": 3"), "c.yaml:1: epochs?: unknown key; did you mean \"epochs\"?");
}

TEST(Config, DumpMirrorsTheStruct) {
  EXPECT_EQ(dump_config(TrainConfig{}),
            "epochs: 8\nkeypoints: 25\nseed: 0\nshuffle: true\ndevice: auto\nnote: \"\"\n"
            "data: []\nlayers: [3, 25]\nloss:\n  weight: 0.1\n  margin: 0.5\n  metric: dot\n"
            "  scales: [1, 0.25]\n");
}

TEST(Config, DescribesEveryKeyWithLegalValuesAndDefault) {
  const std::string text = describe_config<elsewhere::LossConfig>();

  EXPECT_EQ(text,
            "  weight  weight of the loss (a number >= 0; default 0.1)\n"
            "  margin  distance, fraction of the image (a number > 0; default 0.5)\n"
            "  metric  metric (one of dot, cosine; default dot)\n"
            "  scales  of the image (a list, each a number in [0, 1]; default [1, 0.25])\n");
}

struct NeedsData {
  std::vector<std::string> data;
};
void fields(Fields& f, NeedsData& c) {
  f.field("data", c.data, required("demonstration files"), "files");
}

TEST(Config, SaysWhatARequiredKeyIsWhenItIsMissing) {
  try {
    load_config<NeedsData>("");
    FAIL();
  } catch (const ConfigError& e) {
    EXPECT_STREQ(e.what(),
                 "command line: data: expected demonstration files, got nothing; give data=...");
  }
}

}  // namespace
}  // namespace mint::training
