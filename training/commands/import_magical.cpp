// `mint import-magical`: the original demonstrations, one HDF5 file out of many .pkl.gz.
#include "training/magical_import.h"

#include <algorithm>
#include <cstdio>
#include <deque>
#include <functional>
#include <future>
#include <optional>
#include <thread>

#include "envs/task.h"
#include "training/commands/commands.h"
#include "training/demonstration_output.h"
#include "training/interrupt.h"
#include "training/known_task.h"
#include "training/progress.h"

namespace mint::training {
namespace {

using Files = std::vector<std::filesystem::path>;

// Everything in the sources, sorted, each file once.
Files find_all(const std::vector<std::string>& sources) {
  Files all;
  for (const std::string& source : sources) {
    for (const auto& file : find_magical_demonstrations(source)) {
      all.push_back(file.lexically_normal());
    }
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

// Reads with one thread per core and hands the episodes on in the order of the files. The first
// broken file in that order is the one whose error is thrown.
void read_in_order(const Files& files, const std::function<void(const Episode&)>& on_episode) {
  const size_t readers = std::max(2u, std::thread::hardware_concurrency());
  std::deque<std::future<Episode>> ahead;
  for (size_t next = 0; next < files.size() || !ahead.empty();) {
    while (ahead.size() < readers && next < files.size()) {
      ahead.push_back(std::async(std::launch::async, read_magical_demonstration, files[next++]));
    }
    const Episode episode = ahead.front().get();
    ahead.pop_front();
    on_episode(episode);
  }
}

// A remark when the demonstration of a task that we know is not an episode of it; else empty.
std::string odd_length(const Episode& episode) {
  const std::string task = envs::parse_env_name(episode.env_name).task;
  if (!is_known_task(task)) return "";
  const int expected = envs::find_task(task).episode_length;
  if (episode.length() == expected) return "";
  return "note: " + episode.source + ": an episode of " + task + " has " +
         std::to_string(expected) + " actions, this one " + std::to_string(episode.length());
}

}  // namespace

int import_magical(const ImportMagicalOptions& options) {
  const Files files = find_all(options.sources);
  const InterruptGuard guard;
  DemonstrationOutput output(options.output);
  std::optional<Progress> progress;  // from the first file on: a broken one is one line and no more
  std::vector<std::string> remarks;
  int64_t done = 0;
  read_in_order(files, [&](const Episode& episode) {
    output.add(episode);
    if (!progress) progress.emplace("import-magical", files.size(), "files");
    progress->update(++done);
    const std::string remark = odd_length(episode);
    if (!remark.empty()) remarks.push_back(remark);
    if (is_interrupted()) throw Interrupted(output.keep_partial());
  });
  progress->finish();
  for (const std::string& remark : remarks) std::printf("%s\n", remark.c_str());
  std::printf("%s\n", output.finish().c_str());
  return 0;
}

}  // namespace mint::training
