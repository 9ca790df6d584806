#include "training/multiply.h"

#include <algorithm>
#include <deque>
#include <future>
#include <optional>
#include <stdexcept>
#include <utility>

#include "agents/experts/retrace.h"
#include "envs/random.h"
#include "envs/task.h"
#include "training/interrupt.h"
#include "training/recording.h"

namespace mint::training {
namespace {

constexpr int kTrialsInARow = 8;  // of one demonstration, for one episode

// Does `work(0)` to `work(count - 1)` with `jobs` threads and hands the results on in that order.
template <typename Work, typename Sink>
void in_order(int64_t count, int jobs, const Work& work, const Sink& sink) {
  std::deque<std::future<decltype(work(int64_t{0}))>> ahead;
  for (int64_t next = 0; next < count || !ahead.empty();) {
    while (static_cast<int>(ahead.size()) < jobs && next < count) {
      ahead.push_back(std::async(std::launch::async, work, next++));
    }
    auto result = ahead.front().get();
    ahead.pop_front();
    sink(std::move(result));
  }
}

struct NamedEpisode {
  std::string name;
  Episode episode;
};

// Those of one task, in the order of the file.
struct TaskEpisodes {
  std::string task;
  std::vector<NamedEpisode> episodes;
};

std::string joined(const std::vector<TaskEpisodes>& tasks) {
  std::string names;
  for (const TaskEpisodes& entry : tasks) names += (names.empty() ? "" : ", ") + entry.task;
  return names.empty() ? "none" : names;
}

envs::EnvName environment_of(const std::string& place, const Episode& episode) {
  try {
    return envs::parse_env_name(episode.env_name);
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(place + ": " + error.what());
  }
}

std::vector<TaskEpisodes> episodes_by_task(const std::string& file, const std::string& task) {
  const auto list = list_demonstrations(file);
  auto episodes = load_demonstrations(file);
  std::vector<TaskEpisodes> all;
  for (size_t i = 0; i < episodes.size(); ++i) {
    const std::string place = file + ": " + list[i].name;
    const envs::EnvName environment = environment_of(place, episodes[i]);
    auto entry = std::find_if(all.begin(), all.end(), [&](const TaskEpisodes& known) {
      return known.task == environment.task;
    });
    if (entry == all.end()) entry = all.insert(all.end(), {environment.task, {}});
    if (!task.empty() && task != environment.task) continue;
    if (environment.variant != "Demo") {
      throw std::runtime_error(place + ": " + environment.task +
                               ": expected a demonstration in Demo, got " + environment.variant +
                               "; the other variants are for tests");
    }
    entry->episodes.push_back({list[i].name, std::move(episodes[i])});
  }
  if (all.empty()) throw std::runtime_error(file + ": expected demonstrations, got none");
  if (task.empty()) return all;
  for (TaskEpisodes& entry : all) {
    if (entry.task == task) return {std::move(entry)};
  }
  throw std::runtime_error(file + ": expected demonstrations of " + task + ", got " + joined(all));
}

// A demonstration, or why it is none.
struct Reading {
  std::optional<SegmentedDemonstration> demonstration;
  std::string reason;
};

Reading read(NamedEpisode& entry) {
  Reading reading;
  try {
    reading.demonstration = segment_demonstration(entry.name, entry.episode);
  } catch (const std::runtime_error& error) {
    reading.reason = entry.name + ": " + error.what();
  }
  entry.episode = {};  // the frames are large
  return reading;
}

// One episode and what it took.
struct Outcome {
  Episode episode;
  int64_t trials = 0;
};

class Multiplier {
 public:
  Multiplier(const MultiplySources& sources, const std::string& file_name,
             const MultiplyConfig& config)
      : sources_(sources), file_name_(file_name), config_(config) {}

  // The episode number `index`.
  Outcome make(int64_t index) const {
    const auto& demonstrations = sources_.demonstrations;
    const auto count = static_cast<int64_t>(demonstrations.size());
    const std::string stream = "multiply:" + sources_.task + ":" + std::to_string(index);
    Outcome outcome;
    while (outcome.trials < count * kTrialsInARow && !is_interrupted()) {
      const int64_t turn = index + outcome.trials / kTrialsInARow;
      const SegmentedDemonstration& demonstration = demonstrations[turn % count];
      const uint64_t seed = envs::derive_seed(config_.seed, stream, outcome.trials++);
      const experts::RecordedEpisode recorded = retrace(demonstration, seed);
      if (recorded.score < 1) continue;
      const std::string source = kMultiplied + file_name_ + ":" + demonstration.name;
      outcome.episode = to_episode(recorded, seed, source);
      return outcome;
    }
    if (is_interrupted()) return outcome;
    throw std::runtime_error(
        "multiply: " + sources_.task + ": expected an episode of score 1, got none in " +
        std::to_string(outcome.trials) + " trials; try less noise or less jitter");
  }

 private:
  experts::RecordedEpisode retrace(const SegmentedDemonstration& demonstration,
                                   uint64_t seed) const {
    envs::Scene scene = demonstration.scene;
    envs::Random random(envs::derive_seed(seed, "start"));
    envs::jitter_poses(scene, config_.jitter, random);
    const auto expert = experts::retracing_expert(
        experts::transformed(demonstration.outline, demonstration.scene, scene));
    return experts::record_episode(scene, *expert, envs::derive_seed(seed, "action noise"),
                                   config_.noise);
  }

  const MultiplySources& sources_;
  std::string file_name_;
  MultiplyConfig config_;
};

}  // namespace

std::vector<MultiplySources> read_multiply_sources(const std::string& file, const std::string& task,
                                                   int jobs, const MultiplyProgress& on_progress,
                                                   std::vector<std::string>& remarks) {
  std::vector<TaskEpisodes> tasks = episodes_by_task(file, task);
  int64_t total = 0;
  for (const TaskEpisodes& entry : tasks) total += static_cast<int64_t>(entry.episodes.size());
  int64_t done = 0;
  std::vector<MultiplySources> all;
  for (TaskEpisodes& entry : tasks) {
    MultiplySources sources;
    sources.task = entry.task;
    std::string first_reason;
    in_order(
        static_cast<int64_t>(entry.episodes.size()), jobs,
        [&](int64_t i) { return read(entry.episodes[i]); },
        [&](Reading reading) {
          if (is_interrupted()) throw Interrupted("interrupted before the first episode");
          on_progress(++done, total);
          if (reading.demonstration) {
            sources.demonstrations.push_back(std::move(*reading.demonstration));
            return;
          }
          if (first_reason.empty()) first_reason = reading.reason;
          remarks.push_back("note: " + file + ": left out " + reading.reason);
        });
    if (sources.demonstrations.empty()) {
      throw std::runtime_error(file + ": " + entry.task +
                               ": expected a demonstration to multiply, got none; " + first_reason);
    }
    all.push_back(std::move(sources));
  }
  return all;
}

MultiplyCount multiply(const MultiplySources& sources, const std::string& file_name,
                       const MultiplyConfig& config,
                       const std::function<void(const Episode&)>& on_episode) {
  const Multiplier multiplier(sources, file_name, config);
  MultiplyCount count;
  in_order(
      config.episodes, config.jobs, [&](int64_t index) { return multiplier.make(index); },
      [&](Outcome outcome) {
        count.trials += outcome.trials;
        if (outcome.episode.actions.empty()) return;  // interrupted
        ++count.kept;
        on_episode(outcome.episode);
      });
  return count;
}

}  // namespace mint::training
