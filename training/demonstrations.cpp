// Writing. A file stays readable whenever the program dies, because an episode, its link in `data`
// and the new @total become part of it at once, with one flush of the journal driver.
#include "training/demonstrations.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "training/atomic_file.h"
#include "training/demonstrations_checksum.h"
#include "training/hdf5_journal.h"
#include "training/hdf5_object.h"

namespace mint::training {
namespace {

constexpr int64_t kFormatVersion = 1;
constexpr int kActions = 18;
constexpr hsize_t kFramesPerChunk = 8;  // neighbours compress each other: 0.6 of the size of 1
constexpr hsize_t kRowsPerChunk = 4096;
constexpr size_t kExpectedEpisodes = 1024;     // links with room set aside (26 KiB)
constexpr size_t kEpisodesForValidation = 10;  // of one environment

void require(bool is_met, const std::string& what) {
  if (!is_met) throw std::invalid_argument("Episode: " + what);
}

void check_range(const std::string& what, const std::vector<int>& actions) {
  for (const int action : actions)
    require(action >= 0 && action < kActions,
            what + ": expected 0 to 17, got " + std::to_string(action));
}

void check_episode(const Episode& episode) {
  const size_t length = episode.actions.size();
  require(length > 0, "actions: expected at least one, got none");
  require(!episode.env_name.empty(), "env_name: expected a name, got nothing");
  require(episode.height > 0 && episode.width > 0, "frames: expected a positive size, got " +
                                                       std::to_string(episode.width) + "x" +
                                                       std::to_string(episode.height));
  require(episode.score >= 0 && episode.score <= 1,
          "score: expected a number in [0, 1], got " + std::to_string(episode.score));
  const size_t bytes =
      (length + 1) * static_cast<size_t>(episode.height) * static_cast<size_t>(episode.width) * 3;
  require(episode.frames.size() == bytes, "frames: expected " + std::to_string(bytes) +
                                              " bytes (one frame more than actions), got " +
                                              std::to_string(episode.frames.size()));
  require(episode.states.size() % length == 0, "states: expected a multiple of " +
                                                   std::to_string(length) + " values, got " +
                                                   std::to_string(episode.states.size()));
  check_range("actions", episode.actions);
  check_range("executed_actions", episode.executed_actions);
  const size_t executed = episode.executed_actions.size();
  require(executed == 0 || executed == length, "executed_actions: expected none or " +
                                                   std::to_string(length) + ", got " +
                                                   std::to_string(executed));
}

void write_indices(hid_t group, const char* name, const std::vector<int>& actions,
                   const Hdf5Place& place) {
  const std::vector<int64_t> index(actions.begin(), actions.end());
  write_dataset(group, name, H5T_STD_I64LE, H5T_NATIVE_INT64, {index.size()}, kRowsPerChunk,
                index.data(), place);
}

void write_actions(hid_t group, const Episode& episode, const Hdf5Place& place) {
  const std::vector<int>& actions = episode.actions;
  const hsize_t length = actions.size();
  std::vector<float> one_hot(length * kActions, 0.0f);
  for (size_t t = 0; t < length; ++t)
    one_hot[t * kActions + static_cast<size_t>(actions[t])] = 1.0f;
  write_dataset(group, "actions", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {length, kActions},
                kRowsPerChunk, one_hot.data(), place);
  write_indices(group, "action_index", actions, place);
  if (!episode.executed_actions.empty())
    write_indices(group, "executed_action", episode.executed_actions, place);
}

void write_outcome(hid_t group, size_t length, double score, const Hdf5Place& place) {
  std::vector<uint8_t> dones;
  std::vector<float> rewards;
  for (size_t t = 1; t <= length; ++t) {
    dones.push_back(t == length);
    rewards.push_back(t == length ? static_cast<float>(score) : 0.0f);
  }
  write_dataset(group, "dones", H5T_STD_U8LE, H5T_NATIVE_UINT8, {length}, kRowsPerChunk,
                dones.data(), place);
  write_dataset(group, "rewards", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {length}, kRowsPerChunk,
                rewards.data(), place);
}

void write_frames(hid_t group, const char* name, const Episode& episode, size_t first,
                  hsize_t count, const Hdf5Place& place) {
  const auto height = static_cast<hsize_t>(episode.height);
  const auto width = static_cast<hsize_t>(episode.width);
  const Hdf5Id folder = create_group(group, name, 1, place / name);
  write_dataset(folder, "allo_image", H5T_STD_U8LE, H5T_NATIVE_UINT8, {count, height, width, 3},
                kFramesPerChunk, episode.frames.data() + first * height * width * 3, place / name);
}

void write_episode(hid_t group, const Episode& episode, const Hdf5Place& place) {
  const size_t length = episode.actions.size();
  write_attribute(group, "num_samples", episode.length(), place);
  write_attribute(group, "env_name", episode.env_name, place);
  write_attribute(group, "score", episode.score, place);
  write_attribute(group, "source", episode.source, place);
  write_attribute(group, "seed", episode.seed, place);
  write_attribute(group, "crc32", content_checksum(episode), place);
  write_actions(group, episode, place);
  write_outcome(group, length, episode.score, place);
  if (!episode.states.empty())
    write_dataset(group, "states", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE,
                  {length, episode.states.size() / length}, kRowsPerChunk, episode.states.data(),
                  place);
  write_frames(group, "obs", episode, 0, length, place);
  write_frames(group, "final_obs", episode, length, 1, place);
}

// What robomimic needs to name the environment; type 2 is its number for gym environments.
std::string env_args(const std::string& env_name) {
  nlohmann::ordered_json args;
  args["env_name"] = env_name;
  args["type"] = 2;
  args["env_kwargs"] = nlohmann::ordered_json::object();
  return args.dump();
}

// Creates the file by hand first: HDF5 does not say why it cannot.
void create_empty(const std::string& file) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0 && errno == EEXIST)
    throw std::runtime_error(file + ": file: expected a new file, got an existing one");
  if (descriptor < 0)
    throw std::runtime_error(file + ": file: cannot be created: " + std::strerror(errno));
  ::close(descriptor);
}

}  // namespace

struct DemonstrationWriter::File {
  std::string name;
  Hdf5Id file;
  Hdf5Id data;
  std::vector<std::string> env_names;  // of the episodes so far
  int64_t total = 0;
  bool is_broken = false;

  // Everything since the last flush, to the disk, all at once.
  void flush(const Hdf5Place& place) {
    check(H5Fflush(file, H5F_SCOPE_GLOBAL), place.text(), "cannot be written");
  }

  // After a failed write HDF5 holds half an episode, and closing would write it, or crash trying.
  void abandon() {
    is_broken = true;
    abandon_changes(file);
    file.leak();
    data.leak();
  }
};

DemonstrationWriter::DemonstrationWriter(const std::string& file) : file_(new File) {
  const auto lock = lock_hdf5();
  silence_hdf5();
  create_empty(file);
  file_->name = file;
  const Hdf5Place place{file, "data"};
  // A fixed version: the same bytes from every release, and files that a crash leaves openable.
  const Hdf5Id access(H5Pcreate(H5P_FILE_ACCESS));
  H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18);
  set_journal_driver(access);
  const Hdf5Id creation(H5Pcreate(H5P_FILE_CREATE));
  H5Pset_obj_track_times(creation, false);
  try {
    file_->file = checked(H5Fcreate(file.c_str(), H5F_ACC_TRUNC, creation, access), file,
                          "cannot be created");
    file_->data = create_group(file_->file, "data", kExpectedEpisodes, place);
    write_attribute(file_->data, "total", int64_t{0}, place);
    write_attribute(file_->data, "mint_version", kFormatVersion, place);
    file_->flush(place);
    sync_folder_of(file);
  } catch (...) {
    if (file_->file.is_valid()) file_->abandon();
    ::unlink(file.c_str());
    throw;
  }
}

DemonstrationWriter::~DemonstrationWriter() {
  const auto lock = lock_hdf5();
  file_.reset();
}

void DemonstrationWriter::add(const Episode& episode) {
  check_episode(episode);
  const auto lock = lock_hdf5();
  File& f = *file_;
  if (f.is_broken || !f.file.is_valid())
    throw std::runtime_error(f.name + ": file: cannot be written after an error or close()");
  const std::string name = "demo_" + std::to_string(f.env_names.size());
  const Hdf5Place place{f.name, "data/" + name};
  try {
    const Hdf5Id group = create_unlinked_group(f.file, place);
    write_episode(group, episode, place);
    if (f.env_names.empty())
      write_attribute(f.data, "env_args", env_args(episode.env_name), {f.name, "data"});
    write_attribute(f.data, "total", f.total + episode.length(), {f.name, "data"});
    check(H5Olink(group, f.data, name.c_str(), H5P_DEFAULT, H5P_DEFAULT), place.text(),
          "cannot be written");
    f.flush(place);
  } catch (const std::runtime_error& error) {
    f.abandon();
    throw std::runtime_error(std::string(error.what()) + "; the " +
                             std::to_string(f.env_names.size()) + " episodes before it are kept");
  }
  f.total += episode.length();
  f.env_names.push_back(episode.env_name);
}

void DemonstrationWriter::close() {
  const auto lock = lock_hdf5();
  File& f = *file_;
  if (f.is_broken || !f.file.is_valid()) return;
  std::map<std::string, std::vector<size_t>> episodes_of;
  for (size_t i = 0; i < f.env_names.size(); ++i) episodes_of[f.env_names[i]].push_back(i);
  std::vector<std::string> train;
  std::vector<std::string> valid;
  for (size_t i = 0; i < f.env_names.size(); ++i) {
    const auto& same = episodes_of[f.env_names[i]];
    const bool is_valid = same.size() >= kEpisodesForValidation && same.back() == i;
    (is_valid ? valid : train).push_back("demo_" + std::to_string(i));
  }
  const Hdf5Place place{f.name, "mask"};
  try {
    Hdf5Id group = create_unlinked_group(f.file, place);
    write_names(group, "train", train, place);
    write_names(group, "valid", valid, place);
    check(H5Olink(group, f.file, "mask", H5P_DEFAULT, H5P_DEFAULT), place.text(),
          "cannot be written");
    f.flush(place);
    group.close();
    f.data.close();
    if (!f.file.close())
      throw std::runtime_error(f.name + ": file: cannot be written: " + hdf5_reason());
  } catch (...) {
    if (f.file.is_valid()) f.abandon();
    throw;
  }
}

}  // namespace mint::training
