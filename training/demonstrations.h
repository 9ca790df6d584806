// Demonstrations on disk and in memory: HDF5 in robomimic's layout, one file, any number of tasks.
//
//   data                      @total = number of samples, @env_args = JSON (robomimic),
//                             @mint_version = 1
//   data/demo_N               @num_samples = T, @env_name, @score, @source, @seed, @crc32 of
//                             frames, actions, executed actions and states
//   data/demo_N/actions       float32 [T, 18], one-hot
//   data/demo_N/action_index  int64 [T], 0..17
//   data/demo_N/executed_action       int64 [T]; absent when every action was executed as it is
//   data/demo_N/dones         uint8 [T], 1 on the last step
//   data/demo_N/rewards       float32 [T]: the score on the last step, 0 before
//   data/demo_N/states        float64 [T, D]; absent in imported episodes
//   data/demo_N/obs/allo_image        uint8 [T, 96, 96, 3]: frame t was seen before action t
//   data/demo_N/final_obs/allo_image  uint8 [1, 96, 96, 3]: the frame after the last action
//   mask/train, mask/valid    names of the demos
//
// Each episode becomes part of the file all at once (hdf5_journal.h), so a crash loses at most the
// one in hand; the next to list or load the file completes what was begun. No timestamps: the same
// episodes give the same bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mint::training {

// How the sources of multiplied episodes begin.
constexpr char kMultiplied[] = "multiplied:";

struct Episode {
  std::string env_name;  // "MoveToCorner-Demo-v0"
  double score = 0;      // of the final state, in [0, 1]
  // Provenance: "expert", "keyboard", "magical:<file name>", "multiplied:<file name>:demo_7".
  std::string source;
  uint64_t seed = 0;         // of the recording; 0 when unknown
  std::vector<int> actions;  // T, 0..17: what was chosen, which a policy learns
  // T, what was executed, noise included; empty when it is the same or unknown.
  std::vector<int> executed_actions;
  int height = 0;  // px, of every frame
  int width = 0;
  std::vector<uint8_t> frames;  // [T + 1, height, width, 3] RGB
  std::vector<double> states;   // [T, D], or empty when unknown

  int64_t length() const { return static_cast<int64_t>(actions.size()); }  // T
};

// Writes a new file. Throws std::runtime_error (`file: what: …`) when it exists, when the folder is
// missing or not writable, or when the disk is full.
class DemonstrationWriter {
 public:
  explicit DemonstrationWriter(const std::string& file);
  ~DemonstrationWriter();

  // On disk when it returns. Throws std::invalid_argument for an inconsistent episode.
  void add(const Episode& episode);

  // Writes the masks and flushes: the last demonstration of each environment into `valid` when
  // there are at least ten of them, all others into `train`.
  void close();

 private:
  struct File;
  std::unique_ptr<File> file_;
};

// What a file holds without its frames: cheap.
struct EpisodeInfo {
  std::string name;  // "demo_7"
  std::string env_name;
  double score = 0;
  std::string source;
  uint64_t seed = 0;
  std::vector<int> actions;
  std::vector<int> executed_actions;  // as in Episode
  int height = 0;
  int width = 0;
  bool has_states = false;
  int64_t checksum = 0;  // CRC-32 of the whole episode, as the file claims it
};

// Both throw std::runtime_error of the form `file: dataset: expected X, got Y` for a missing,
// truncated or foreign file, for one that is being written and for shapes that disagree.
std::vector<EpisodeInfo> list_demonstrations(const std::string& file);
std::vector<Episode> load_demonstrations(const std::string& file);

// One of them by its name, "demo_7". Throws as above.
Episode load_demonstration(const std::string& file, const std::string& name);

// Every episode read and checked, one at a time: for `mint inspect`.
struct DemonstrationsCheck {
  std::vector<EpisodeInfo> episodes;  // the whole ones
  std::vector<std::string> damage;    // a line for each of the others, and for a wrong total
  bool is_closed = false;             // false: the recording was interrupted, its masks are missing
};
DemonstrationsCheck check_demonstrations(const std::string& file);

}  // namespace mint::training
