// When a VectorEnv allocates, and how much memory an environment takes.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <malloc.h>

#include "envs/vector_env.h"
#include "tests/envs/batch_rows.h"

namespace {
std::atomic<long> allocations{0};  // calls of operator new in this program
}

// Replaces the operators of the whole program (all tests of envs/). In libstdc++ the array and the
// nothrow forms end in these. Those for types of larger alignment than usual, of which envs/ has
// none, do not and are not counted; nor is what Box2D takes from malloc. Not inlined: GCC would
// take the pairs apart and warn of a mismatch.
__attribute__((noinline)) void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
__attribute__((noinline)) void operator delete(void* memory) noexcept {
  std::free(memory);
}
__attribute__((noinline)) void operator delete(void* memory, size_t) noexcept {
  std::free(memory);
}

namespace mint::envs {
namespace {

using Names = std::vector<std::string>;
using Seeds = std::vector<uint64_t>;

TEST(Allocations, AreCounted) {
  const long before = allocations;

  ::operator delete(::operator new(1));

  EXPECT_EQ(allocations - before, 1);
}

// Calls of operator new between a reset and the end of its episode; blocks are pushed about.
long allocations_of_an_episode(VectorEnv& envs, const EnvBatch& batch) {
  envs.reset(Seeds{1, 2, 3, 4}, batch);
  std::vector<int> actions(4, 1);
  const long before = allocations;
  for (int step = 0; step < 100; ++step) {
    actions[step % 4] = step % kActions;
    envs.step(actions, batch);
  }
  return allocations - before;
}

// One thread: each keeps memory to draw with, and which thread draws what differs from run to run.
TEST(VectorEnvMemory, AStepAllocatesNothingOnceItHasDrawn) {
  VectorEnv envs(Names(4, "FindDupe-TestLayout-LoResStack-v0"), /*threads=*/1);
  tests::BatchRows rows(envs);
  allocations_of_an_episode(envs, rows.batch());

  EXPECT_EQ(allocations_of_an_episode(envs, rows.batch()), 0);
}

TEST(VectorEnvMemory, SharingOutTheStepsAllocatesNothing) {
  VectorEnv envs(Names(4, "FindDupe-TestLayout-LoResStack-v0"), /*threads=*/2);
  tests::BatchRows rows(envs);
  EnvBatch batch = rows.batch();
  batch.images = nullptr;

  EXPECT_EQ(allocations_of_an_episode(envs, batch), 0);
}

// Memory asked for and not given back. The pages of the process would not do: what earlier tests
// have freed is used again without a new one.
size_t bytes_in_use() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

TEST(VectorEnvMemory, AnEnvironmentTakesLessThanOneMiB) {
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "the sanitizer has an allocator of its own";
#endif
  constexpr int kCount = 64;
  const size_t before = bytes_in_use();
  VectorEnv envs(Names(kCount, "ClusterColour-TestCountPlus-LoResStack-v0"), 2);
  std::vector<uint8_t> images(kCount * envs.image_bytes());  // not the environments'
  EnvBatch batch;
  batch.images = images.data();

  envs.reset(Seeds(kCount, 0), batch);
  for (int step = 0; step < 3; ++step) envs.step(std::vector<int>(kCount, 1), batch);

  const size_t all = bytes_in_use() - before - images.size();
  EXPECT_GT(all / kCount, size_t{8} * kObservationBytes);  // the frames of both stacks
  EXPECT_LT(all / kCount, size_t{1} << 20);
}

}  // namespace
}  // namespace mint::envs
