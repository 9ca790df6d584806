#include "training/inspect.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <stdexcept>

#include "envs/world.h"
#include "training/atomic_file.h"
#include "training/demonstrations.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;

constexpr int kBarColumns = 30;  // of the histogram

std::string fixed(double value, int decimals) {
  char text[40];
  std::snprintf(text, sizeof(text), "%.*f", decimals, value);
  return text;
}

bool has_suffix(const fs::path& path, const std::string& suffix) {
  const std::string name = path.filename().string();
  return name.size() >= suffix.size() &&
         name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0;
}

// "left, open" for one of the 18 actions.
std::string action_name(int action) {
  const envs::Command command = envs::decode_action(action);
  const char* drive = command.drive > 0 ? "up" : command.drive < 0 ? "down" : "-";
  const char* turn = command.turn > 0 ? "left" : command.turn < 0 ? "right" : "-";
  return std::string(drive) + " " + turn + (command.closed ? " closed" : " open");
}

std::string episode_table(const std::vector<EpisodeInfo>& episodes) {
  std::vector<std::vector<std::string>> rows = {
      {"episode", "environment", "length", "frames", "score", "states", "source", "seed"}};
  for (const auto& episode : episodes)
    rows.push_back({episode.name, episode.env_name, std::to_string(episode.actions.size()),
                    std::to_string(episode.width) + "x" + std::to_string(episode.height),
                    fixed(episode.score, 2), episode.has_states ? "yes" : "no", episode.source,
                    std::to_string(episode.seed)});
  return aligned(rows, {false, false, true, true, true, false, false, true});
}

std::string environment_table(const std::vector<EpisodeInfo>& episodes) {
  struct Total {
    size_t episodes = 0, samples = 0, shortest = SIZE_MAX, longest = 0;
    double score = 0;
  };
  std::map<std::string, Total> totals;
  for (const auto& episode : episodes) {
    Total& total = totals[episode.env_name];
    const size_t length = episode.actions.size();
    ++total.episodes;
    total.samples += length;
    total.shortest = std::min(total.shortest, length);
    total.longest = std::max(total.longest, length);
    total.score += episode.score;
  }
  std::vector<std::vector<std::string>> rows = {
      {"environment", "episodes", "samples", "lengths", "mean score"}};
  for (const auto& [name, total] : totals)
    rows.push_back({name, std::to_string(total.episodes), std::to_string(total.samples),
                    std::to_string(total.shortest) + "-" + std::to_string(total.longest),
                    fixed(total.score / static_cast<double>(total.episodes), 2)});
  return aligned(rows, {false, true, true, true, true});
}

std::string action_table(const std::vector<EpisodeInfo>& episodes) {
  std::vector<size_t> counts(envs::kActions, 0);
  size_t all = 0;
  size_t disturbed = 0;
  for (const auto& episode : episodes) {
    for (const int action : episode.actions) ++counts[static_cast<size_t>(action)];
    all += episode.actions.size();
    for (size_t t = 0; t < episode.executed_actions.size(); ++t)
      disturbed += episode.executed_actions[t] != episode.actions[t];
  }
  const size_t most = std::max<size_t>(1, *std::max_element(counts.begin(), counts.end()));
  std::vector<std::vector<std::string>> rows = {{"action", "drive turn gripper", "count", "%", ""}};
  for (int action = 0; action < envs::kActions; ++action) {
    const size_t count = counts[static_cast<size_t>(action)];
    const double percent =
        100.0 * static_cast<double>(count) / static_cast<double>(std::max<size_t>(1, all));
    rows.push_back({std::to_string(action), action_name(action), std::to_string(count),
                    fixed(percent, 1), std::string(count * kBarColumns / most, '#')});
  }
  std::string text = aligned(rows, {true, false, true, true, false});
  if (disturbed > 0)
    text += std::to_string(disturbed) + " of " + std::to_string(all) +
            " steps executed another action than the recorded choice\n";
  return text;
}

}  // namespace

std::string aligned(const std::vector<std::vector<std::string>>& rows,
                    const std::vector<bool>& is_number) {
  std::vector<size_t> width(is_number.size(), 0);
  for (const auto& row : rows)
    for (size_t i = 0; i < row.size(); ++i) width[i] = std::max(width[i], row[i].size());
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string space(width[i] - row[i].size(), ' ');
      line += "  " + (is_number[i] ? space + row[i] : row[i] + space);
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

Inspection inspect_demonstrations(const fs::path& file) {
  const DemonstrationsCheck found = check_demonstrations(file.string());
  size_t samples = 0;
  for (const auto& episode : found.episodes) samples += episode.actions.size();
  Inspection inspection;
  inspection.damage = found.damage;
  inspection.text = file.string() + ": " + std::to_string(found.episodes.size()) +
                    " demonstrations, " + std::to_string(samples) + " samples\n\n";
  inspection.text += episode_table(found.episodes) + "\n";
  inspection.text += environment_table(found.episodes) + "\n";
  inspection.text += action_table(found.episodes);
  if (!found.is_closed)
    inspection.text += "The recording was interrupted: mask/train and mask/valid are missing.\n";
  inspection.text += found.damage.empty() ? "All episodes are whole.\n"
                                          : std::to_string(found.damage.size()) + " damaged.\n";
  return inspection;
}

Inspection inspect_path(const fs::path& path) {
  const std::string name = path.string();
  if (!fs::exists(path)) throw std::runtime_error(name + ": inspect: no such file or folder");
  if (fs::is_directory(path)) {
    if (fs::exists(path / "manifest.json")) return inspect_checkpoint(path);
    if (fs::exists(path / "config.yaml")) return inspect_run(path);
    throw std::runtime_error(name +
                             ": inspect: expected a run or a checkpoint, got a folder with "
                             "neither config.yaml nor manifest.json");
  }
  if (has_suffix(path, ".safetensors")) return inspect_weights(path);
  if (has_suffix(path, ".pkl.gz"))
    throw std::runtime_error(name +
                             ": inspect: expected our demonstrations, got an original MAGICAL "
                             "one; read it with `mint import-magical`");
  for (const char* suffix : {".mp4", ".avi", ".mkv", ".webm", ".mov"})
    if (has_suffix(path, suffix))
      throw std::runtime_error(name +
                               ": inspect: expected demonstrations, a checkpoint or a run, got a "
                               "video, which cannot be inspected yet");
  return inspect_demonstrations(path);
}

}  // namespace mint::training
