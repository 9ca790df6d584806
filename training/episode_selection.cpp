#include "training/episode_selection.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "envs/task.h"

namespace mint::training {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string size_text(int width, int height) {
  return std::to_string(width) + "x" + std::to_string(height);
}

// The episodes of each wanted task, in file order.
std::map<std::string, std::vector<ChosenEpisode>> episodes_by_task(const DataConfig& config) {
  std::map<std::string, std::vector<ChosenEpisode>> by_task;
  for (const std::string& file : config.files) {
    for (EpisodeInfo& info : list_demonstrations(file)) {
      const auto env = envs::parse_env_name(info.env_name);
      const bool is_wanted =
          config.tasks.empty() ||
          std::find(config.tasks.begin(), config.tasks.end(), env.task) != config.tasks.end();
      if (!is_wanted) continue;
      if (env.variant != "Demo") {
        throw std::runtime_error(file + ": " + env.task +
                                 ": expected demonstrations in Demo, got " + env.variant +
                                 "; the other variants are for tests");
      }
      by_task[env.task].push_back({file, std::move(info)});
    }
  }
  return by_task;
}

}  // namespace

EpisodeChoice choose_episodes(const DataConfig& config) {
  if (config.files.empty()) {
    throw std::runtime_error("data: expected at least one demonstration file, got none");
  }
  auto by_task = episodes_by_task(config);
  if (by_task.empty()) {
    throw std::runtime_error(joined(config.files) + ": expected demonstrations" +
                             (config.tasks.empty() ? "" : " of " + joined(config.tasks)) +
                             ", got none");
  }
  EpisodeChoice choice;
  int height = 0;
  int width = 0;
  for (auto& [task, episodes] : by_task) {
    const auto count = static_cast<int64_t>(episodes.size());
    const int64_t wanted = config.demos_per_task == 0 ? count : config.demos_per_task;
    const int64_t held_out = std::min(config.held_out_per_task, count);
    const int64_t train = std::min(wanted, count - held_out);
    if (train < 1) {
      throw std::runtime_error(joined(config.files) + ": " + task + ": expected more than " +
                               std::to_string(config.held_out_per_task) +
                               " demonstrations (held out), got " + std::to_string(count));
    }
    for (int64_t i = 0; i < train + held_out; ++i) {
      const EpisodeInfo& info = episodes[i].info;
      if (height == 0) std::tie(height, width) = std::tie(info.height, info.width);
      if (info.height != height || info.width != width) {
        throw std::runtime_error(joined(config.files) + ": " + task + ": expected frames of " +
                                 size_text(width, height) + ", got " +
                                 size_text(info.width, info.height));
      }
      (i < train ? choice.train : choice.held_out).push_back(std::move(episodes[i]));
    }
  }
  return choice;
}

Episode read_episode(const ChosenEpisode& chosen) {
  return load_demonstration(chosen.file, chosen.info.name);
}

EpisodeSelection select_episodes(const DataConfig& config) {
  const auto choice = choose_episodes(config);
  EpisodeSelection selection;
  for (const ChosenEpisode& chosen : choice.train) selection.train.push_back(read_episode(chosen));
  for (const ChosenEpisode& chosen : choice.held_out) {
    selection.held_out.push_back(read_episode(chosen));
  }
  return selection;
}

}  // namespace mint::training
