#include "training/evaluation.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <numeric>
#include <stdexcept>
#include <type_traits>

#include <nlohmann/json.hpp>

#include "envs/random.h"
#include "envs/task.h"
#include "training/agent.h"
#include "training/atomic_file.h"
#include "training/interrupt.h"
#include "training/known_task.h"

namespace mint::training {
namespace {

constexpr int kThreads = 1;  // of the environments: the detector and the policy take the time

std::vector<uint64_t> episode_seeds(const EvaluationConfig& config, const std::string& task,
                                    const std::string& variant) {
  std::vector<uint64_t> seeds;
  for (int i = 0; i < config.episodes; ++i) {
    seeds.push_back(envs::derive_seed(config.seed, "evaluate:" + task + "-" + variant, i));
  }
  return seeds;
}

// The plan of each episode; empty where the policy follows its own choice.
std::vector<int64_t> episode_plans(const EvaluationConfig& config, int64_t plans) {
  if (config.plan == "chosen") return {};
  const auto wrong = [&] {
    return ConfigError("plan: expected chosen, none, all or a number below " +
                       std::to_string(plans) + ", got \"" + config.plan + "\"");
  };
  if (plans == 0) {
    throw ConfigError("plan: expected a policy with a plan variable for \"" + config.plan +
                      "\", got one without");
  }
  std::vector<int64_t> list(static_cast<size_t>(config.episodes), -1);
  if (config.plan == "none") return list;
  if (config.plan == "all") {
    for (size_t i = 0; i < list.size(); ++i) list[i] = static_cast<int64_t>(i) % plans;
    return list;
  }
  const bool is_number = config.plan.size() < 9 && !config.plan.empty() &&
                         config.plan.find_first_not_of("0123456789") == std::string::npos;
  if (!is_number || std::stoll(config.plan) >= plans) throw wrong();
  std::fill(list.begin(), list.end(), std::stoll(config.plan));
  return list;
}

// The episodes, config.environments at a time; how many changes nothing in them.
std::vector<RolloutEpisode> roll_out_in_turns(const Agent& agent, const RolloutConfig& all,
                                              int environments,
                                              const std::function<void()>& on_step) {
  const size_t at_once = environments > 0 ? static_cast<size_t>(environments) : all.seeds.size();
  std::vector<RolloutEpisode> episodes;
  for (size_t first = 0; first < all.seeds.size(); first += at_once) {
    const size_t last = std::min(first + at_once, all.seeds.size());
    const auto part_of = [&](const auto& values) {
      using Values = std::decay_t<decltype(values)>;
      return values.empty() ? Values() : Values(values.begin() + first, values.begin() + last);
    };
    RolloutConfig part = all;
    part.seeds = part_of(all.seeds);
    part.plans = part_of(all.plans);
    const auto rolled = roll_out(agent, part, on_step);
    episodes.insert(episodes.end(), rolled.begin(), rolled.end());
  }
  return episodes;
}

// Indices of the episodes, best score first; equal scores in their order.
std::vector<size_t> ranking(const std::vector<RolloutEpisode>& episodes) {
  std::vector<size_t> order(episodes.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return episodes[a].score > episodes[b].score; });
  return order;
}

// Films the `count` best and the `count` worst episodes, each once; of episodes with equal actions
// and scores (all of Demo's) only the first.
std::vector<std::string> film_extremes(const std::vector<RolloutEpisode>& episodes, int count,
                                       const std::string& task, const std::string& variant,
                                       const std::shared_ptr<perception::Detector>& detector,
                                       const std::filesystem::path& folder) {
  const auto order = ranking(episodes);
  std::vector<std::string> files;
  std::vector<size_t> filmed;
  for (size_t place = 0; place < order.size(); ++place) {
    const bool is_best = place < static_cast<size_t>(count);
    const bool is_worst = place + count >= order.size();
    if (!is_best && !is_worst) continue;
    const RolloutEpisode& episode = episodes[order[place]];
    const bool is_seen = std::any_of(filmed.begin(), filmed.end(), [&](size_t other) {
      return episodes[other].score == episode.score && episodes[other].actions == episode.actions;
    });
    if (is_seen) continue;
    filmed.push_back(order[place]);
    const std::string stem =
        variant + (is_best ? "-best-" : "-worst-") + "episode" + std::to_string(order[place]);
    std::filesystem::create_directories(folder);
    files.push_back(film(episode, task, variant, detector, (folder / stem).string()));
  }
  return files;
}

nlohmann::ordered_json to_json(const VariantEvaluation& variant) {
  nlohmann::ordered_json json;
  json["test_env"] = variant.row.test_env;
  json["mean_score"] = variant.row.mean_score;
  json["ci95_lower"] = variant.row.ci95_lower;
  json["ci95_upper"] = variant.row.ci95_upper;
  json["std_score"] = variant.row.std_score;
  json["episodes"] = nlohmann::json::array();
  for (const RolloutEpisode& episode : variant.episodes) {
    json["episodes"].push_back({{"seed", episode.seed}, {"score", episode.score}});
  }
  json["videos"] = nlohmann::json::array();
  for (const std::string& file : variant.videos) {
    json["videos"].push_back("videos/" + std::filesystem::path(file).filename().string());
  }
  return json;
}

void write_results(const EvaluationConfig& config, const std::vector<VariantEvaluation>& variants) {
  nlohmann::ordered_json json;
  json["run_id"] = variants.front().row.run_id;
  json["demo_env"] = variants.front().row.demo_env;
  json["seed"] = config.seed;
  json["episodes_per_variant"] = config.episodes;
  json["plan"] = config.plan;
  std::vector<ScoreRow> rows;
  for (const VariantEvaluation& variant : variants) {
    rows.push_back(variant.row);
    json["variants"].push_back(to_json(variant));
  }
  const std::filesystem::path run(config.run);
  write_file_atomically(run / "evaluation.json", json.dump(2) + "\n");
  write_file_atomically(run / "evaluation.csv", score_csv(rows));
}

}  // namespace

std::vector<VariantEvaluation> evaluate_run(const EvaluationConfig& config,
                                            const OnProgress& on_progress) {
  if (config.variants.empty()) throw std::invalid_argument("variants: expected at least one");
  const auto loaded = load_agent(config.run);
  const auto& task = envs::find_task(loaded.task);
  const bool is_all = config.variants == std::vector<std::string>{"all"};
  const std::vector<std::string> variants = is_all ? task.variants : config.variants;
  for (const std::string& variant : variants) require_known_task(task.name, variant);
  if (::access(config.run.c_str(), W_OK) != 0) {
    throw std::runtime_error(config.run + ": cannot be written: " + std::strerror(errno));
  }
  const auto plans = episode_plans(config, loaded.agent.policy->plans());
  const int at_once = config.environments > 0 ? config.environments : config.episodes;
  const int64_t turns = (config.episodes + at_once - 1) / at_once;
  const int64_t total = turns * evaluation_steps(task.name, variants.size());
  int64_t done = 0;
  std::vector<VariantEvaluation> results;
  for (const std::string& variant : variants) {
    VariantEvaluation result;
    const RolloutConfig rollout{task.name, variant, episode_seeds(config, task.name, variant),
                                plans, kThreads};
    result.episodes = roll_out_in_turns(loaded.agent, rollout, config.environments, [&] {
      if (is_interrupted()) throw Interrupted();
      ++done;
      on_progress({"evaluate", "steps", done, total, variant});
    });
    std::vector<double> scores;
    for (const RolloutEpisode& episode : result.episodes) scores.push_back(episode.score);
    result.row = make_score_row(envs::to_string({task.name, "Demo", ""}),
                                envs::to_string({task.name, variant, ""}), scores, loaded.id);
    result.videos =
        film_extremes(result.episodes, config.videos, task.name, variant, loaded.agent.detector,
                      std::filesystem::path(config.run) / "videos");
    results.push_back(std::move(result));
  }
  write_results(config, results);
  return results;
}

int64_t evaluation_steps(const std::string& task, size_t variants) {
  return envs::find_task(task).episode_length * static_cast<int64_t>(variants);
}

}  // namespace mint::training
