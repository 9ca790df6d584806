// What 1,000 steps of each task give, as hashes that are compiled in: a compiler, an option or a
// change that moves one bit of a state, a pixel or a score is noticed, in debug and in release
// builds (-ffp-contract=off). They are those of Debian 12 on x86-64 with FMA: elsewhere another
// Box2D or C library may round otherwise.
#include <cstdio>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "envs/random.h"
#include "envs/task.h"
#include "envs/vector_env.h"
#include "tests/envs/random_player.h"

namespace mint::envs {
namespace {

constexpr int kSteps = 1000;

// FNV-1a, 64 bits.
class Hash {
 public:
  template <class T>
  void add(const std::vector<T>& values) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(values.data());
    for (size_t i = 0; i < values.size() * sizeof(T); ++i) {
      hash_ = (hash_ ^ bytes[i]) * 0x100000001b3u;
    }
  }
  uint64_t value() const { return hash_; }

 private:
  uint64_t hash_ = 0xcbf29ce484222325u;
};

// Demo and TestAll beside each other, episode after episode, by a player of held random actions.
uint64_t hash_of(const std::string& task) {
  VectorEnv envs({task + "-Demo-LoRes3EA-v0", task + "-TestAll-LoRes3EA-v0"}, /*threads=*/2);
  std::vector<uint8_t> images(2 * envs.image_bytes()), truncated(2);
  std::vector<double> states(2 * kMaxStateSize), scores(2);
  EnvBatch batch;
  batch.images = images.data();
  batch.states = states.data();
  batch.scores = scores.data();
  batch.truncated = truncated.data();
  tests::RandomPlayer first(derive_seed(1, task)), second(derive_seed(2, task));
  Hash hash;
  const auto add_all = [&] {
    hash.add(states);
    hash.add(images);
    hash.add(scores);
    hash.add(truncated);
  };
  envs.reset({1, 2}, batch);
  add_all();
  for (int step = 0; step < kSteps; ++step) {
    envs.step({first.act(), second.act()}, batch);
    add_all();
  }
  return hash.value();
}

struct Golden {
  const char* task;
  uint64_t hash;
};
constexpr Golden kGolden[] = {
    {"MoveToRegion", 0x0f10eedaa9500c54},  {"MoveToCorner", 0x93a1a9279d8a4f1b},
    {"MatchRegions", 0x5048389994aa3671},  {"MakeLine", 0xe7c626f00dd4d0ae},
    {"FindDupe", 0x787e4096ec65be09},      {"FixColour", 0xc7b043d55e681f8d},
    {"ClusterColour", 0x8245d316d4c0e419}, {"ClusterShape", 0x61fadc2d4edb67b9},
};

TEST(GoldenHash, OfAThousandStepsOfEachTaskIsTheOneCompiledIn) {
  ASSERT_EQ(std::size(kGolden), tasks().size());
  for (size_t i = 0; i < tasks().size(); ++i) {
    EXPECT_EQ(kGolden[i].task, tasks()[i].name);
    const uint64_t hash = hash_of(tasks()[i].name);
    char text[64];
    std::snprintf(text, sizeof text, "{\"%s\", 0x%016llx},", tasks()[i].name.c_str(),
                  static_cast<unsigned long long>(hash));
    EXPECT_EQ(hash, kGolden[i].hash) << text;
  }
}

}  // namespace
}  // namespace mint::envs
