#include "training/hdf5_object.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "training/shape_text.h"

namespace mint::training {
namespace {

constexpr unsigned kDeflateLevel = 1;      // level 4: 15 % smaller, twice the time
constexpr hsize_t kLargestRatio = 1100;    // deflate cannot compress by more than 1032 to 1
constexpr hsize_t kFreeBytes = 1 << 16;    // never refused, whatever is stored
constexpr size_t kLongestText = 1 << 20;   // bytes, of one attribute
constexpr hsize_t kMostLinks = 1'000'000;  // of one group

// Keeps the innermost description, and prefers one that carries the system's error message.
herr_t keep_reason(unsigned, const H5E_error2_t* error, void* data) {
  auto& reason = *static_cast<std::string*>(data);
  const std::string text = error->desc ? error->desc : "";
  const std::string marker = "error message = '";
  const size_t start = text.find(marker);
  if (start != std::string::npos) {
    const size_t first = start + marker.size();
    reason = text.substr(first, text.find('\'', first) - first);
    return 1;  // stop: nothing says it better
  }
  if (reason.empty()) reason = text;
  return 0;
}

Hdf5Id without_times(hid_t property_class) {
  Hdf5Id properties(H5Pcreate(property_class));
  H5Pset_obj_track_times(properties, false);
  return properties;
}

void write_scalar(hid_t object, const char* name, hid_t file_type, hid_t memory_type,
                  const void* value, const Hdf5Place& place) {
  const std::string what = "@" + std::string(name) + ": cannot be written";
  if (H5Aexists(object, name) > 0) {
    const Hdf5Id attribute = checked(H5Aopen(object, name, H5P_DEFAULT), place.text(), what);
    check(H5Awrite(attribute, memory_type, value), place.text(), what);
    return;
  }
  const Hdf5Id space(H5Screate(H5S_SCALAR));
  const Hdf5Id attribute = checked(
      H5Acreate2(object, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT), place.text(), what);
  check(H5Awrite(attribute, memory_type, value), place.text(), what);
}

Hdf5Id open_attribute(hid_t object, const char* name, H5T_class_t expected, const char* kind,
                      const Hdf5Place& place) {
  const std::string where = place.text() + "/@" + name;
  Hdf5Id attribute(H5Aopen(object, name, H5P_DEFAULT));
  if (!attribute.is_valid()) throw std::runtime_error(where + ": missing");
  const Hdf5Id type(H5Aget_type(attribute));
  const Hdf5Id space(H5Aget_space(attribute));
  if (H5Tget_class(type) != expected || H5Sget_simple_extent_npoints(space) != 1)
    throw std::runtime_error(where + ": expected " + kind + ", got something else");
  return attribute;
}

// A link can also lead to another file, or to another name.
void require_hard_link(hid_t parent, const char* name, const Hdf5Place& place) {
  if (!has_link(parent, name)) throw std::runtime_error(place.text() + ": missing");
  H5L_info_t info;
  check(H5Lget_info(parent, name, &info, H5P_DEFAULT), place.text(), "cannot be read");
  if (info.type != H5L_TYPE_HARD)
    throw std::runtime_error(place.text() + ": expected an object, got a link to elsewhere");
}

// The bytes must lie in this file, and no plugin may be loaded to decode them.
void require_plain_storage(hid_t properties, const Hdf5Place& place) {
  const H5D_layout_t layout = H5Pget_layout(properties);
  const bool is_inside = layout == H5D_COMPACT || layout == H5D_CHUNKED ||
                         (layout == H5D_CONTIGUOUS && H5Pget_external_count(properties) == 0);
  if (!is_inside)
    throw std::runtime_error(place.text() + ": expected data in this file, got a reference");
  const int filters = H5Pget_nfilters(properties);
  for (int i = 0; i < filters; ++i) {
    unsigned flags = 0;
    size_t values = 0;
    const H5Z_filter_t filter = H5Pget_filter2(properties, static_cast<unsigned>(i), &flags,
                                               &values, nullptr, 0, nullptr, nullptr);
    if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE &&
        filter != H5Z_FILTER_FLETCHER32)
      throw std::runtime_error(place.text() + ": expected deflated data, got filter " +
                               std::to_string(filter));
  }
}

}  // namespace

Hdf5Id& Hdf5Id::operator=(Hdf5Id&& other) noexcept {
  if (this != &other) {
    close();
    id_ = other.id_;
    other.id_ = H5I_INVALID_HID;
  }
  return *this;
}

bool Hdf5Id::close() {
  const hid_t id = id_;
  id_ = H5I_INVALID_HID;
  if (id < 0 || H5Iis_valid(id) <= 0) return true;
  switch (H5Iget_type(id)) {
    case H5I_FILE:
      return H5Fclose(id) >= 0;
    case H5I_GROUP:
      return H5Gclose(id) >= 0;
    case H5I_DATASET:
      return H5Dclose(id) >= 0;
    case H5I_DATATYPE:
      return H5Tclose(id) >= 0;
    case H5I_DATASPACE:
      return H5Sclose(id) >= 0;
    case H5I_ATTR:
      return H5Aclose(id) >= 0;
    case H5I_GENPROP_LST:
      return H5Pclose(id) >= 0;
    default:
      return H5Idec_ref(id) >= 0;
  }
}

std::unique_lock<std::mutex> lock_hdf5() {
  static std::mutex mutex;
  return std::unique_lock<std::mutex>(mutex);
}

void silence_hdf5() {
  H5dont_atexit();  // an abandoned file must not be touched at exit; only the first call counts
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  H5PLset_loading_state(0);  // a file that names a filter must not have a program loaded
}

std::string hdf5_reason() {
  std::string reason;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_reason, &reason);
  std::replace(reason.begin(), reason.end(), '\n', ' ');
  return reason.empty() ? "unknown reason" : reason;
}

Hdf5Id checked(hid_t id, const std::string& where, const std::string& what) {
  if (id < 0) throw std::runtime_error(where + ": " + what + ": " + hdf5_reason());
  return Hdf5Id(id);
}

void check(herr_t status, const std::string& where, const std::string& what) {
  if (status < 0) throw std::runtime_error(where + ": " + what + ": " + hdf5_reason());
}

Hdf5Id create_group(hid_t parent, const char* name, size_t expected_links, const Hdf5Place& place) {
  const Hdf5Id properties = without_times(H5P_GROUP_CREATE);
  // All links stay in the group's own header, with room set aside for the expected ones.
  H5Pset_link_phase_change(properties, 65535, 0);
  if (expected_links > 0)
    H5Pset_est_link_info(properties, static_cast<unsigned>(expected_links), 10);
  return checked(H5Gcreate2(parent, name, H5P_DEFAULT, properties, H5P_DEFAULT), place.text(),
                 "cannot be written");
}

Hdf5Id create_unlinked_group(hid_t file, const Hdf5Place& place) {
  const Hdf5Id properties = without_times(H5P_GROUP_CREATE);
  return checked(H5Gcreate_anon(file, properties, H5P_DEFAULT), place.text(), "cannot be written");
}

void write_dataset(hid_t group, const char* name, hid_t file_type, hid_t memory_type,
                   const std::vector<hsize_t>& dims, hsize_t rows_per_chunk, const void* data,
                   const Hdf5Place& place) {
  const std::string where = (place / name).text();
  const int rank = static_cast<int>(dims.size());
  std::vector<hsize_t> chunk = dims;
  chunk[0] = std::max<hsize_t>(1, std::min(dims[0], rows_per_chunk));
  const Hdf5Id properties = without_times(H5P_DATASET_CREATE);
  if (dims[0] > 0) {
    H5Pset_chunk(properties, rank, chunk.data());
    H5Pset_deflate(properties, kDeflateLevel);
  }
  const Hdf5Id space(H5Screate_simple(rank, dims.data(), nullptr));
  Hdf5Id dataset =
      checked(H5Dcreate2(group, name, file_type, space, H5P_DEFAULT, properties, H5P_DEFAULT),
              where, "cannot be written");
  check(H5Dwrite(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data), where,
        "cannot be written");
  if (!dataset.close())  // full chunks leave the cache here
    throw std::runtime_error(where + ": cannot be written: " + hdf5_reason());
}

void write_names(hid_t group, const char* name, const std::vector<std::string>& names,
                 const Hdf5Place& place) {
  size_t width = 1;
  for (const auto& text : names) width = std::max(width, text.size());
  std::vector<char> bytes(width * names.size() + 1, '\0');
  for (size_t i = 0; i < names.size(); ++i)
    std::memcpy(bytes.data() + i * width, names[i].data(), names[i].size());
  const Hdf5Id type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type, width);
  H5Tset_strpad(type, H5T_STR_NULLPAD);
  write_dataset(group, name, type, type, {names.size()}, 1024, bytes.data(), place);
}

void write_attribute(hid_t object, const char* name, int64_t value, const Hdf5Place& place) {
  write_scalar(object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, &value, place);
}

void write_attribute(hid_t object, const char* name, uint64_t value, const Hdf5Place& place) {
  write_scalar(object, name, H5T_STD_U64LE, H5T_NATIVE_UINT64, &value, place);
}

void write_attribute(hid_t object, const char* name, double value, const Hdf5Place& place) {
  write_scalar(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value, place);
}

void write_attribute(hid_t object, const char* name, const std::string& value,
                     const Hdf5Place& place) {
  // Fixed length: it lies in the object's checksummed header. Texts of variable length lie in a
  // global heap, and HDF5 1.10 crashes on a damaged one.
  const Hdf5Id type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type, std::max<size_t>(1, value.size()));
  H5Tset_strpad(type, H5T_STR_NULLPAD);
  H5Tset_cset(type, H5T_CSET_UTF8);
  const std::string padded = value.empty() ? std::string(1, '\0') : value;
  write_scalar(object, name, type, type, padded.data(), place);
}

bool has_link(hid_t group, const char* name) {
  return H5Lexists(group, name, H5P_DEFAULT) > 0;
}

Hdf5Id open_group(hid_t parent, const char* name, const Hdf5Place& place) {
  require_hard_link(parent, name, place);
  Hdf5Id group(H5Gopen2(parent, name, H5P_DEFAULT));
  if (!group.is_valid())
    throw std::runtime_error(place.text() + ": expected a group, got damage: " + hdf5_reason());
  return group;
}

Hdf5Id open_dataset(hid_t parent, const char* name, const Hdf5Place& place) {
  require_hard_link(parent, name, place);
  Hdf5Id dataset(H5Dopen2(parent, name, H5P_DEFAULT));
  if (!dataset.is_valid())
    throw std::runtime_error(place.text() + ": expected a dataset, got damage: " + hdf5_reason());
  return dataset;
}

std::vector<std::string> link_names(hid_t group, const Hdf5Place& place) {
  H5G_info_t info;
  check(H5Gget_info(group, &info), place.text(), "cannot be read");
  if (info.nlinks > kMostLinks)
    throw std::runtime_error(place.text() + ": expected at most 1000000 entries, got " +
                             std::to_string(info.nlinks));
  std::vector<std::string> names;
  const auto collect = [](hid_t, const char* name, const H5L_info_t*, void* list) -> herr_t {
    static_cast<std::vector<std::string>*>(list)->push_back(name);
    return 0;
  };
  check(H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect, &names), place.text(),
        "cannot be read");
  return names;
}

int64_t read_integer(hid_t object, const char* name, const Hdf5Place& place) {
  const Hdf5Id attribute = open_attribute(object, name, H5T_INTEGER, "an integer", place);
  int64_t value = 0;
  check(H5Aread(attribute, H5T_NATIVE_INT64, &value), place.text(), "cannot be read");
  return value;
}

uint64_t read_unsigned(hid_t object, const char* name, const Hdf5Place& place) {
  const Hdf5Id attribute = open_attribute(object, name, H5T_INTEGER, "an integer", place);
  uint64_t value = 0;
  check(H5Aread(attribute, H5T_NATIVE_UINT64, &value), place.text(), "cannot be read");
  return value;
}

double read_real(hid_t object, const char* name, const Hdf5Place& place) {
  const Hdf5Id attribute = open_attribute(object, name, H5T_FLOAT, "a number", place);
  double value = 0;
  check(H5Aread(attribute, H5T_NATIVE_DOUBLE, &value), place.text(), "cannot be read");
  return value;
}

std::string read_text(hid_t object, const char* name, const Hdf5Place& place) {
  const Hdf5Id attribute = open_attribute(object, name, H5T_STRING, "a text", place);
  const Hdf5Id type(H5Aget_type(attribute));
  const std::string where = place.text() + "/@" + name;
  if (H5Tis_variable_str(type) > 0) {
    char* text = nullptr;
    check(H5Aread(attribute, type, &text), where, "cannot be read");
    const std::string value = text ? std::string(text, strnlen(text, kLongestText)) : "";
    H5free_memory(text);
    return value;
  }
  const size_t size = H5Tget_size(type);
  if (size > kLongestText)
    throw std::runtime_error(where + ": expected at most 1 MiB, got " + std::to_string(size));
  std::vector<char> text(size + 1, '\0');
  check(H5Aread(attribute, type, text.data()), where, "cannot be read");
  return text.data();
}

hsize_t file_bytes(const std::string& file) {
  return std::filesystem::file_size(file);
}

hsize_t largest_content(hsize_t stored) {
  return stored * kLargestRatio + kFreeBytes;
}

std::vector<hsize_t> dataset_shape(hid_t dataset, const Hdf5Place& place) {
  const Hdf5Id space = checked(H5Dget_space(dataset), place.text(), "cannot be read");
  const int rank = H5Sget_simple_extent_ndims(space);
  if (rank < 0) throw std::runtime_error(place.text() + ": expected an array, got damage");
  std::vector<hsize_t> dims(static_cast<size_t>(rank));
  H5Sget_simple_extent_dims(space, dims.data(), nullptr);
  return dims;
}

void check_dataset(hid_t dataset, hid_t file_type, const Hdf5Place& place) {
  const Hdf5Id type = checked(H5Dget_type(dataset), place.text(), "cannot be read");
  if (H5Tequal(type, file_type) <= 0)
    throw std::runtime_error(place.text() + ": expected another element type, got " +
                             std::to_string(8 * H5Tget_size(type)) + " bits of class " +
                             std::to_string(H5Tget_class(type)));
  const Hdf5Id properties = checked(H5Dget_create_plist(dataset), place.text(), "cannot be read");
  require_plain_storage(properties, place);
  // The file says how much is stored; nobody has checked that against its size.
  const hsize_t stored = std::min(H5Dget_storage_size(dataset), file_bytes(place.file));
  const hsize_t limit = largest_content(stored);
  const auto refuse_over = [&](std::vector<hsize_t> dims, const char* what) {
    hsize_t room = limit / H5Tget_size(type);
    for (const hsize_t dim : dims) {
      if (dim > room)
        throw std::runtime_error(place.text() + ": expected the data of a " + what + " " +
                                 shape_text(dims) + ", got " + std::to_string(stored) + " bytes");
      if (dim > 0) room /= dim;
    }
  };
  refuse_over(dataset_shape(dataset, place), "dataset");
  if (H5Pget_layout(properties) == H5D_CHUNKED) {
    std::vector<hsize_t> chunk(H5S_MAX_RANK);
    const int rank = H5Pget_chunk(properties, H5S_MAX_RANK, chunk.data());
    chunk.resize(static_cast<size_t>(std::max(rank, 0)));
    refuse_over(chunk, "chunk");
  }
}

void read_dataset(hid_t dataset, hid_t memory_type, void* data, const Hdf5Place& place) {
  if (H5Dread(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0)
    throw std::runtime_error(place.text() +
                             ": expected readable data, got damage: " + hdf5_reason());
}

}  // namespace mint::training
