// Files of demonstrations that somebody made to do harm; what is merely damaged is tested in
// demonstrations_test.cpp.
#include <gtest/gtest.h>

#include <functional>

#include "tests/support/error_of.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"
#include "training/demonstrations.h"
#include "training/hdf5_object.h"

namespace mint::training {
namespace {

// Black frames, which compress well.
Episode make_episode(int length, int side) {
  Episode episode;
  episode.env_name = "MoveToCorner-Demo-v0";
  episode.source = "expert";
  episode.actions.assign(static_cast<size_t>(length), 3);
  episode.height = episode.width = side;
  episode.frames.assign(static_cast<size_t>(length + 1) * side * side * 3, 0);
  return episode;
}

class HostileDemonstrations : public testing::Test {
 protected:
  std::string file() const { return (folder_.path() / "demos.hdf5").string(); }

  void write(const Episode& episode) const {
    DemonstrationWriter writer(file());
    writer.add(episode);
    writer.close();
  }

  // Lets `change` at the group of the demonstrations.
  void edit(const std::function<void(hid_t data)>& change) const {
    const auto lock = lock_hdf5();
    const Hdf5Id opened(H5Fopen(file().c_str(), H5F_ACC_RDWR, H5P_DEFAULT));
    const Hdf5Id data(H5Gopen2(opened, "data", H5P_DEFAULT));
    change(data);
  }

  // The actions of the first demonstration, stored as `properties` say.
  void replace_actions(const std::function<void(hid_t properties)>& set) const {
    edit([&](hid_t data) {
      const char* name = "demo_0/action_index";
      H5Ldelete(data, name, H5P_DEFAULT);
      const Hdf5Id properties(H5Pcreate(H5P_DATASET_CREATE));
      set(properties);
      const hsize_t length = 4;
      const Hdf5Id space(H5Screate_simple(1, &length, nullptr));
      const Hdf5Id made(
          H5Dcreate2(data, name, H5T_STD_I64LE, space, H5P_DEFAULT, properties, H5P_DEFAULT));
      const int64_t actions[4] = {3, 3, 3, 3};
      H5Dwrite(made, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, actions);
    });
  }

  std::string error() const {
    return tests::error_of<std::runtime_error>([&] { load_demonstrations(file()); });
  }

  tests::TemporaryFolder folder_;
};

TEST_F(HostileDemonstrations, DataInAnotherFileAreRefused) {
  write(make_episode(4, 2));
  const std::string other = (folder_.path() / "other").string();
  tests::write_file(other, std::string(32, '\0'));

  replace_actions([&](hid_t p) { H5Pset_external(p, other.c_str(), 0, 32); });

  EXPECT_EQ(error(),
            file() + ": data/demo_0/action_index: expected data in this file, got a reference");
}

TEST_F(HostileDemonstrations, AVirtualDatasetIsRefused) {
  write(make_episode(4, 2));
  const hsize_t length = 4;
  const Hdf5Id space(H5Screate_simple(1, &length, nullptr));

  replace_actions([&](hid_t p) { H5Pset_virtual(p, space, "other", "x", space); });

  EXPECT_EQ(error(),
            file() + ": data/demo_0/action_index: expected data in this file, got a reference");
}

TEST_F(HostileDemonstrations, AnUnusualFilterIsRefused) {
  write(make_episode(4, 2));
  const hsize_t chunk = 4;

  replace_actions([&](hid_t p) {
    H5Pset_chunk(p, 1, &chunk);
    H5Pset_scaleoffset(p, H5Z_SO_INT, 0);
  });

  EXPECT_EQ(error(), file() + ": data/demo_0/action_index: expected deflated data, got filter 6");
}

TEST_F(HostileDemonstrations, ALinkToElsewhereIsRefused) {
  write(make_episode(4, 2));

  edit([](hid_t data) {
    H5Lcreate_external("/etc/passwd", "/x", data, "demo_1", H5P_DEFAULT, H5P_DEFAULT);
  });

  EXPECT_EQ(error(), file() + ": data/demo_1: expected an object, got a link to elsewhere");
}

TEST_F(HostileDemonstrations, OneEpisodeUnderManyNamesIsRefused) {
  write(make_episode(100, 96));  // 2.8 MB of frames in 13 kB

  edit([](hid_t data) {
    for (int i = 1; i < 100; ++i)
      H5Lcreate_hard(data, "demo_0", data, ("demo_" + std::to_string(i)).c_str(), H5P_DEFAULT,
                     H5P_DEFAULT);
  });

  const std::string message = error();
  EXPECT_NE(message.find("expected episodes with bytes of their own"), std::string::npos)
      << message;
  EXPECT_FALSE(check_demonstrations(file()).damage.empty());
}

// 3 GiB of frames in a file of a few kilobytes: the space is allocated, then cut off, and the end
// of the file that the superblock knows is put right.
TEST_F(HostileDemonstrations, DataBeyondTheEndOfTheFileTakeNoMemory) {
  {
    const auto lock = lock_hdf5();
    const Hdf5Id made(H5Fcreate(file().c_str(), H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT));
    const Hdf5Place place{file(), "data"};
    const Hdf5Id data = create_group(made, "data", 0, place);
    write_attribute(data, "mint_version", int64_t{1}, place);
    const Hdf5Id demo = create_group(data, "demo_0", 0, place);
    write_attribute(demo, "env_name", std::string("x"), place);
    write_attribute(demo, "source", std::string("x"), place);
    write_attribute(demo, "score", 0.0, place);
    write_attribute(demo, "seed", uint64_t{0}, place);
    write_attribute(demo, "crc32", int64_t{0}, place);
    const Hdf5Id folder = create_group(demo, "obs", 0, place);
    H5Fflush(made, H5F_SCOPE_GLOBAL);
    const Hdf5Id properties(H5Pcreate(H5P_DATASET_CREATE));
    H5Pset_alloc_time(properties, H5D_ALLOC_TIME_EARLY);
    H5Pset_fill_time(properties, H5D_FILL_TIME_NEVER);
    const hsize_t shape[4] = {hsize_t{1} << 30, 1, 1, 3};
    const Hdf5Id space(H5Screate_simple(4, shape, nullptr));
    const Hdf5Id frames(H5Dcreate2(folder, "allo_image", H5T_STD_U8LE, space, H5P_DEFAULT,
                                   properties, H5P_DEFAULT));
  }
  constexpr size_t kKept = 16384;
  constexpr size_t kEndAt = 40;  // in a superblock of version 0, little endian
  std::filesystem::resize_file(file(), kKept);
  std::string bytes = tests::read_file(file());
  for (size_t i = 0; i < 8; ++i) bytes[kEndAt + i] = static_cast<char>(kKept >> (8 * i) & 255);
  tests::write_file(file(), bytes);

  EXPECT_EQ(error(), file() +
                         ": data/demo_0/obs/allo_image: expected the data of a dataset "
                         "[1073741824, 1, 1, 3], got 16384 bytes");
}

}  // namespace
}  // namespace mint::training
