// Reading. Every shape is checked against the others, and against the bytes that the file really
// holds, before memory is taken for it.
#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <unistd.h>

#include "training/demonstrations.h"
#include "training/demonstrations_checksum.h"
#include "training/hdf5_object.h"
#include "training/journaled_file.h"
#include "training/shape_text.h"

namespace mint::training {
namespace {

constexpr int64_t kFormatVersion = 1;
constexpr hsize_t kActions = 18;
constexpr hsize_t kLargestSide = 16384;  // px

// The open file, its `data` group and the demonstrations in it, by number.
struct OpenFile {
  Hdf5Id file;
  Hdf5Id data;
  std::vector<std::string> names;  // of open_file() alone
  hsize_t room = 0;                // bytes of frames that the file can hold at most
};

// N of "demo_N", or -1.
int64_t number_of(const std::string& name) {
  if (name.compare(0, 5, "demo_") != 0 || name.size() < 6 || name.size() > 15) return -1;
  if (!std::all_of(name.begin() + 5, name.end(), [](unsigned char c) { return std::isdigit(c); }))
    return -1;
  return std::stoll(name.substr(5));
}

// Without the names of the demonstrations.
OpenFile open_data(const std::string& name) {
  silence_hdf5();
  if (::access(name.c_str(), R_OK) != 0)
    throw std::runtime_error(name + ": file: cannot be read: " + std::strerror(errno));
  complete_commit(name);
  OpenFile open;
  open.file = Hdf5Id(H5Fopen(name.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT));
  if (!open.file.is_valid())
    throw std::runtime_error(name + ": file: expected demonstrations in HDF5, got damage or " +
                             "another format: " + hdf5_reason());
  open.room = largest_content(file_bytes(name));
  const Hdf5Place place{name, "data"};
  open.data = open_group(open.file, "data", place);
  const int64_t version = read_integer(open.data, "mint_version", place);
  if (version != kFormatVersion)
    throw std::runtime_error(name + ": data/@mint_version: expected " +
                             std::to_string(kFormatVersion) + ", got " + std::to_string(version));
  return open;
}

OpenFile open_file(const std::string& name) {
  OpenFile open = open_data(name);
  const Hdf5Place place{name, "data"};
  for (auto& entry : link_names(open.data, place))
    if (number_of(entry) >= 0) open.names.push_back(std::move(entry));
  std::sort(open.names.begin(), open.names.end(),
            [](const auto& a, const auto& b) { return number_of(a) < number_of(b); });
  return open;
}

// A dataset that was found, of the right type and with exactly these dimensions.
Hdf5Id open_checked(hid_t group, const char* name, hid_t file_type,
                    const std::vector<hsize_t>& expected, hsize_t rows, const Hdf5Place& place) {
  Hdf5Id dataset = open_dataset(group, name, place);
  const auto shape = dataset_shape(dataset, place);
  if (shape != expected)
    throw std::runtime_error(place.text() + ": expected " + shape_text(expected) + ", got " +
                             shape_text(shape) + " (obs/allo_image has " + std::to_string(rows) +
                             " rows)");
  check_dataset(dataset, file_type, place);
  return dataset;
}

// The datasets of one demonstration, opened and checked, nothing read yet.
struct OpenEpisode {
  EpisodeInfo info;
  Hdf5Id frames;
  Hdf5Id final_frame;
  Hdf5Id states;  // invalid when absent
  size_t state_values = 0;
};

void check_frames_shape(const std::vector<hsize_t>& shape, const Hdf5Place& place) {
  const bool is_legal = shape.size() == 4 && shape[0] > 0 && shape[1] > 0 && shape[2] > 0 &&
                        shape[1] <= kLargestSide && shape[2] <= kLargestSide && shape[3] == 3;
  if (!is_legal)
    throw std::runtime_error(place.text() + ": expected [T, height, width, 3], got " +
                             shape_text(shape));
}

void check_rows_match(const EpisodeInfo& info, hid_t group, hsize_t rows, const Hdf5Place& place) {
  open_checked(group, "actions", H5T_IEEE_F32LE, {rows, kActions}, rows, place / "actions");
  open_checked(group, "dones", H5T_STD_U8LE, {rows}, rows, place / "dones");
  open_checked(group, "rewards", H5T_IEEE_F32LE, {rows}, rows, place / "rewards");
  const int64_t samples = read_integer(group, "num_samples", place);
  if (samples != static_cast<int64_t>(rows))
    throw std::runtime_error(place.text() + "/@num_samples: expected " + std::to_string(rows) +
                             ", got " + std::to_string(samples));
  if (!(info.score >= 0 && info.score <= 1))
    throw std::runtime_error(place.text() + "/@score: expected a number in [0, 1], got " +
                             std::to_string(info.score));
}

std::vector<int> read_actions(hid_t group, const char* name, hsize_t rows,
                              const Hdf5Place& episode) {
  const Hdf5Place place = episode / name;
  const Hdf5Id dataset = open_checked(group, name, H5T_STD_I64LE, {rows}, rows, place);
  std::vector<int64_t> index(rows);
  read_dataset(dataset, H5T_NATIVE_INT64, index.data(), place);
  std::vector<int> actions;
  for (const int64_t action : index) {
    if (action < 0 || action >= static_cast<int64_t>(kActions))
      throw std::runtime_error(place.text() + ": expected values in 0 to 17, got " +
                               std::to_string(action));
    actions.push_back(static_cast<int>(action));
  }
  return actions;
}

OpenEpisode open_episode(hid_t data, const std::string& name, const Hdf5Place& place) {
  OpenEpisode episode;
  EpisodeInfo& info = episode.info;
  const Hdf5Id group = open_group(data, name.c_str(), place);
  info.name = name;
  info.env_name = read_text(group, "env_name", place);
  info.score = read_real(group, "score", place);
  info.source = read_text(group, "source", place);
  info.seed = read_unsigned(group, "seed", place);
  info.checksum = read_integer(group, "crc32", place);

  const Hdf5Place frames_place = place / "obs/allo_image";
  const Hdf5Id observations = open_group(group, "obs", place / "obs");
  episode.frames = open_dataset(observations, "allo_image", frames_place);
  const auto shape = dataset_shape(episode.frames, frames_place);
  check_frames_shape(shape, frames_place);
  check_dataset(episode.frames, H5T_STD_U8LE, frames_place);
  info.height = static_cast<int>(shape[1]);
  info.width = static_cast<int>(shape[2]);

  const Hdf5Id last = open_group(group, "final_obs", place / "final_obs");
  episode.final_frame = open_checked(last, "allo_image", H5T_STD_U8LE, {1, shape[1], shape[2], 3},
                                     shape[0], place / "final_obs/allo_image");
  check_rows_match(info, group, shape[0], place);
  info.actions = read_actions(group, "action_index", shape[0], place);
  if (has_link(group, "executed_action"))
    info.executed_actions = read_actions(group, "executed_action", shape[0], place);
  info.has_states = has_link(group, "states");
  if (info.has_states) {
    const Hdf5Place states_place = place / "states";
    episode.states = open_dataset(group, "states", states_place);
    const auto states = dataset_shape(episode.states, states_place);
    if (states.size() != 2 || states[0] != shape[0])
      throw std::runtime_error(states_place.text() + ": expected [" + std::to_string(shape[0]) +
                               ", D], got " + shape_text(states));
    check_dataset(episode.states, H5T_IEEE_F64LE, states_place);
    episode.state_values = states[0] * states[1];
  }
  return episode;
}

// Links to one episode, or episodes that share their bytes, would unfold without end.
void take_room(OpenFile& open, const EpisodeInfo& info, const Hdf5Place& place) {
  const hsize_t bytes = static_cast<hsize_t>(info.height) * static_cast<hsize_t>(info.width) * 3 *
                        (info.actions.size() + 1);
  if (bytes > open.room)
    throw std::runtime_error(place.text() + ": expected episodes with bytes of their own, got " +
                             "more frames than the file can hold");
  open.room -= bytes;
}

Episode read_episode(OpenEpisode open, const Hdf5Place& place) {
  Episode episode;
  const size_t frame =
      static_cast<size_t>(open.info.height) * static_cast<size_t>(open.info.width) * 3;
  const size_t length = open.info.actions.size();
  episode.env_name = std::move(open.info.env_name);
  episode.score = open.info.score;
  episode.source = std::move(open.info.source);
  episode.seed = open.info.seed;
  episode.actions = std::move(open.info.actions);
  episode.executed_actions = std::move(open.info.executed_actions);
  episode.height = open.info.height;
  episode.width = open.info.width;
  episode.frames.resize((length + 1) * frame);
  read_dataset(open.frames, H5T_NATIVE_UINT8, episode.frames.data(), place / "obs/allo_image");
  read_dataset(open.final_frame, H5T_NATIVE_UINT8, episode.frames.data() + length * frame,
               place / "final_obs/allo_image");
  episode.states.resize(open.state_values);
  if (open.states.is_valid())
    read_dataset(open.states, H5T_NATIVE_DOUBLE, episode.states.data(), place / "states");
  const int64_t checksum = content_checksum(episode);
  if (checksum != open.info.checksum)
    throw std::runtime_error(place.text() + "/@crc32: expected " +
                             std::to_string(open.info.checksum) + ", got " +
                             std::to_string(checksum) + "; the episode is damaged");
  return episode;
}

void check_total(hid_t data, int64_t counted, const Hdf5Place& place) {
  const int64_t total = read_integer(data, "total", place);
  if (total != counted)
    throw std::runtime_error(place.text() + "/@total: expected " + std::to_string(counted) +
                             " (the sum over the demos), got " + std::to_string(total));
}

}  // namespace

std::vector<EpisodeInfo> list_demonstrations(const std::string& file) {
  const auto lock = lock_hdf5();
  OpenFile open = open_file(file);
  const Hdf5Place place{file, "data"};
  std::vector<EpisodeInfo> list;
  int64_t total = 0;
  for (const auto& name : open.names) {
    list.push_back(open_episode(open.data, name, place / name).info);
    take_room(open, list.back(), place / name);
    total += static_cast<int64_t>(list.back().actions.size());
  }
  check_total(open.data, total, place);
  return list;
}

std::vector<Episode> load_demonstrations(const std::string& file) {
  const auto lock = lock_hdf5();
  OpenFile open = open_file(file);
  const Hdf5Place place{file, "data"};
  std::vector<Episode> episodes;
  int64_t total = 0;
  for (const auto& name : open.names) {
    OpenEpisode episode = open_episode(open.data, name, place / name);
    take_room(open, episode.info, place / name);
    episodes.push_back(read_episode(std::move(episode), place / name));
    total += episodes.back().length();
  }
  check_total(open.data, total, place);
  return episodes;
}

Episode load_demonstration(const std::string& file, const std::string& name) {
  const auto lock = lock_hdf5();
  const OpenFile open = open_data(file);
  const Hdf5Place place = Hdf5Place{file, "data"} / name;
  return read_episode(open_episode(open.data, name, place), place);
}

DemonstrationsCheck check_demonstrations(const std::string& file) {
  const auto lock = lock_hdf5();
  OpenFile open = open_file(file);
  const Hdf5Place place{file, "data"};
  DemonstrationsCheck found;
  int64_t total = 0;
  for (const auto& name : open.names) {
    try {
      OpenEpisode episode = open_episode(open.data, name, place / name);
      take_room(open, episode.info, place / name);
      EpisodeInfo info = episode.info;
      read_episode(std::move(episode), place / name);
      total += static_cast<int64_t>(info.actions.size());
      found.episodes.push_back(std::move(info));
    } catch (const std::runtime_error& error) {
      found.damage.push_back(error.what());
    }
  }
  try {
    if (found.damage.empty()) check_total(open.data, total, place);
  } catch (const std::runtime_error& error) {
    found.damage.push_back(error.what());
  }
  found.is_closed = has_link(open.file, "mask");
  return found;
}

}  // namespace mint::training
