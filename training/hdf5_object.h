// The few HDF5 calls that demonstrations need, with owned handles and one-line errors.
//
// Written against HDF5's C interface: the C++ one cannot leave out timestamps, create a group
// before it is linked, or say why a call failed.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace mint::training {

// Owns one HDF5 identifier of any kind.
class Hdf5Id {
 public:
  Hdf5Id() = default;
  explicit Hdf5Id(hid_t id) : id_(id) {}
  Hdf5Id(Hdf5Id&& other) noexcept : id_(other.id_) { other.id_ = H5I_INVALID_HID; }
  Hdf5Id& operator=(Hdf5Id&& other) noexcept;
  ~Hdf5Id() { close(); }

  operator hid_t() const { return id_; }
  bool is_valid() const { return id_ >= 0; }
  bool close();  // false when HDF5 could not finish what it still had to write
  void leak() { id_ = H5I_INVALID_HID; }

 private:
  hid_t id_ = H5I_INVALID_HID;
};

// HDF5 is not thread-safe: whoever calls it, closing handles included, holds this lock.
std::unique_lock<std::mutex> lock_hdf5();

// HDF5 prints its error stack, closes files at exit and loads filters that a file asks for unless
// told otherwise; call before anything else.
void silence_hdf5();

// Why the last call failed, in a few words: the system's message if there is one.
std::string hdf5_reason();

// Throws std::runtime_error `where: what: <reason>` when `id` or `status` says failure.
Hdf5Id checked(hid_t id, const std::string& where, const std::string& what);
void check(herr_t status, const std::string& where, const std::string& what);

// Names where the reader is: "demos.h5: data/demo_7/actions".
struct Hdf5Place {
  std::string file;
  std::string path;  // inside the file

  std::string text() const { return file + ": " + path; }
  Hdf5Place operator/(const std::string& name) const {
    return {file, path.empty() ? name : path + "/" + name};
  }
};

// Creation. `file_type` is fixed in the file whatever the machine; no timestamps. Datasets are
// chunked along their first dimension, `rows_per_chunk` each, and deflated (level 1).
Hdf5Id create_group(hid_t parent, const char* name, size_t expected_links, const Hdf5Place& place);
Hdf5Id create_unlinked_group(hid_t file, const Hdf5Place& place);
void write_dataset(hid_t group, const char* name, hid_t file_type, hid_t memory_type,
                   const std::vector<hsize_t>& dims, hsize_t rows_per_chunk, const void* data,
                   const Hdf5Place& place);
// Fixed-length byte strings, NUL-padded: what NumPy calls dtype "S".
void write_names(hid_t group, const char* name, const std::vector<std::string>& names,
                 const Hdf5Place& place);
void write_attribute(hid_t object, const char* name, int64_t value, const Hdf5Place& place);
void write_attribute(hid_t object, const char* name, uint64_t value, const Hdf5Place& place);
void write_attribute(hid_t object, const char* name, double value, const Hdf5Place& place);
void write_attribute(hid_t object, const char* name, const std::string& value,
                     const Hdf5Place& place);

// Reading. All throw std::runtime_error `file: path: expected X, got Y`.
bool has_link(hid_t group, const char* name);
// Both refuse links that lead elsewhere: only the file itself is read.
Hdf5Id open_group(hid_t parent, const char* name, const Hdf5Place& place);
Hdf5Id open_dataset(hid_t parent, const char* name, const Hdf5Place& place);
std::vector<std::string> link_names(hid_t group, const Hdf5Place& place);
int64_t read_integer(hid_t object, const char* name, const Hdf5Place& place);
uint64_t read_unsigned(hid_t object, const char* name, const Hdf5Place& place);
double read_real(hid_t object, const char* name, const Hdf5Place& place);
std::string read_text(hid_t object, const char* name, const Hdf5Place& place);

std::vector<hsize_t> dataset_shape(hid_t dataset, const Hdf5Place& place);

// Bytes that so many stored bytes unfold to at most.
hsize_t largest_content(hsize_t stored);
hsize_t file_bytes(const std::string& file);

// Reads all elements into `data`, which has room for `elements` of `memory_type`. Refuses another
// class or width than `file_type`, a dataset that claims more than its stored bytes can hold, and
// data that lie in another file or need a filter other than deflate, shuffle and fletcher32.
void check_dataset(hid_t dataset, hid_t file_type, const Hdf5Place& place);
void read_dataset(hid_t dataset, hid_t memory_type, void* data, const Hdf5Place& place);

}  // namespace mint::training
