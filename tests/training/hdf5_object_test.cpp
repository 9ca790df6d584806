#include "training/hdf5_object.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/support/error_of.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

namespace mint::training {
namespace {

// A new file in which `fill` puts something, opened again to be read.
template <class Fill>
Hdf5Id file_with(const std::string& name, const Fill& fill) {
  silence_hdf5();
  {
    const Hdf5Id file(H5Fcreate(name.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    fill(file);
  }
  return Hdf5Id(H5Fopen(name.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT));
}

class Hdf5Object : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  tests::TemporaryFolder folder_;
};

TEST_F(Hdf5Object, LinksToOtherFilesAreNotFollowed) {
  const auto other = file_with(path("other.h5"), [](hid_t file) {
    Hdf5Id(H5Gcreate2(file, "data", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  });
  const auto file = file_with(path("a.h5"), [&](hid_t id) {
    H5Lcreate_external(path("other.h5").c_str(), "/data", id, "data", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_soft("/data", id, "soft", H5P_DEFAULT, H5P_DEFAULT);
  });
  const Hdf5Place place{"a.h5", ""};

  EXPECT_EQ(tests::error_of<std::runtime_error>([&] { open_group(file, "data", place / "data"); }),
            "a.h5: data: expected data of this file, got a link elsewhere");
  EXPECT_EQ(
      tests::error_of<std::runtime_error>([&] { open_dataset(file, "soft", place / "soft"); }),
      "a.h5: soft: expected data of this file, got a link elsewhere");
}

TEST_F(Hdf5Object, DataThatLieInAnotherFileAreRefused) {
  tests::write_file(path("secret"), "12345678");
  const auto file = file_with(path("a.h5"), [&](hid_t id) {
    const hsize_t dims[] = {8};
    const Hdf5Id space(H5Screate_simple(1, dims, nullptr));
    const Hdf5Id properties(H5Pcreate(H5P_DATASET_CREATE));
    H5Pset_external(properties, path("secret").c_str(), 0, 8);
    Hdf5Id(H5Dcreate2(id, "x", H5T_STD_U8LE, space, H5P_DEFAULT, properties, H5P_DEFAULT));
  });
  const Hdf5Place place{"a.h5", "x"};
  const auto dataset = open_dataset(file, "x", place);

  EXPECT_EQ(
      tests::error_of<std::runtime_error>([&] { check_dataset(dataset, H5T_STD_U8LE, place); }),
      "a.h5: x: expected data in this file, got data in another");
}

}  // namespace
}  // namespace mint::training
