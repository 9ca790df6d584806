#include "training/hdf5_journal.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <system_error>

#include "training/journaled_file.h"

namespace mint::training {
namespace {

// What HDF5 knows as an open file.
struct DriverFile : H5FD_t {
  explicit DriverFile(const char* name) : H5FD_t(), file(std::in_place, name) {}

  std::optional<JournaledFile> file;  // none once its changes were abandoned
  haddr_t allocated = 0;              // end of what HDF5 gave away
  haddr_t written = 0;                // end of what it wrote
};

DriverFile& driver_file(H5FD_t* file) {
  return *static_cast<DriverFile*>(file);
}

const DriverFile& driver_file(const H5FD_t* file) {
  return *static_cast<const DriverFile*>(file);
}

// Tells HDF5's error stack what happened, in the words of its own drivers.
void report(const char* reason) {
  H5Epush2(H5E_DEFAULT, __FILE__, __func__, __LINE__, H5E_ERR_CLS, H5E_VFL, H5E_WRITEERROR,
           "error message = '%s'", reason);
}

// False when `action` failed.
template <class Action>
bool try_to(const Action& action) {
  try {
    action();
    return true;
  } catch (const std::system_error& error) {
    report(error.code().message().c_str());
  } catch (const std::exception& error) {
    report(error.what());
  }
  return false;
}

// Once something went wrong nothing more may reach the disk, whatever HDF5 does on its way out.
template <class Action>
herr_t change(DriverFile& open, const Action& action) {
  if (try_to(action)) return 0;
  open.file.reset();
  return -1;
}

H5FD_t* open(const char* name, unsigned, hid_t, haddr_t) {
  DriverFile* file = nullptr;
  try_to([&] { file = new DriverFile(name); });
  return file;
}

herr_t close(H5FD_t* handle) {
  const std::unique_ptr<DriverFile> open(&driver_file(handle));
  if (!open->file) return 0;
  return change(*open, [&] { open->file->commit(open->allocated); });
}

// What the default driver says, which decides how HDF5 lays out a file.
herr_t query(const H5FD_t*, unsigned long* flags) {
  if (flags)
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_AGGREGATE_SMALLDATA;
  return 0;
}

haddr_t get_allocated(const H5FD_t* handle, H5FD_mem_t) {
  return driver_file(handle).allocated;
}

herr_t set_allocated(H5FD_t* handle, H5FD_mem_t, haddr_t end) {
  driver_file(handle).allocated = end;
  return 0;
}

haddr_t get_written(const H5FD_t* handle, H5FD_mem_t) {
  return driver_file(handle).written;
}

herr_t get_handle(H5FD_t* handle, hid_t, void** value) {
  *value = &driver_file(handle);
  return 0;
}

herr_t read(H5FD_t* handle, H5FD_mem_t, hid_t, haddr_t offset, size_t size, void* bytes) {
  DriverFile& open = driver_file(handle);
  std::memset(bytes, 0, size);
  if (!open.file) return 0;
  return change(open, [&] { open.file->read(offset, size, bytes); });
}

herr_t write(H5FD_t* handle, H5FD_mem_t, hid_t, haddr_t offset, size_t size, const void* bytes) {
  DriverFile& open = driver_file(handle);
  open.written = std::max(open.written, offset + size);
  if (!open.file) return 0;  // HDF5 may crash when its writes fail as it closes
  return change(open, [&] { open.file->write(offset, size, bytes); });
}

herr_t flush(H5FD_t* handle, hid_t, hbool_t is_closing) {
  DriverFile& open = driver_file(handle);
  if (!open.file) return is_closing ? 0 : -1;
  return change(open, [&] { open.file->commit(open.allocated); });
}

herr_t truncate(H5FD_t* handle, hid_t, hbool_t) {
  driver_file(handle).written = driver_file(handle).allocated;  // on disk with the commit
  return 0;
}

hid_t register_driver() {
  static H5FD_class_t driver{};
  driver.name = "mint_journal";
  driver.maxaddr = (haddr_t{1} << 62) - 1;
  driver.fc_degree = H5F_CLOSE_WEAK;
  driver.open = open;
  driver.close = close;
  driver.query = query;
  driver.get_eoa = get_allocated;
  driver.set_eoa = set_allocated;
  driver.get_eof = get_written;
  driver.get_handle = get_handle;
  driver.read = read;
  driver.write = write;
  driver.flush = flush;
  driver.truncate = truncate;
  const H5FD_mem_t like_the_default[H5FD_MEM_NTYPES] = H5FD_FLMAP_DICHOTOMY;
  std::copy(std::begin(like_the_default), std::end(like_the_default), driver.fl_map);
  return H5FDregister(&driver);
}

}  // namespace

void set_journal_driver(hid_t access) {
  static const hid_t driver = register_driver();
  H5Pset_driver(access, driver, nullptr);
}

void abandon_changes(hid_t file) {
  void* handle = nullptr;
  if (H5Fget_vfd_handle(file, H5P_DEFAULT, &handle) >= 0)
    static_cast<DriverFile*>(handle)->file.reset();
}

}  // namespace mint::training
