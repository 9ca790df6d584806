#include "training/imitation_cell.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "agents/registry.h"
#include "envs/random.h"
#include "envs/task.h"
#include "training/agent.h"
#include "training/atomic_file.h"
#include "training/cell_lock.h"
#include "training/checkpoint.h"
#include "training/clone.h"
#include "training/content_hash.h"
#include "training/dagger.h"
#include "training/demonstration_output.h"
#include "training/episode_selection.h"
#include "training/evaluation.h"
#include "training/interrupt.h"
#include "training/policy_dataset.h"
#include "training/pretrain.h"
#include "training/recording.h"
#include "training/run_directory.h"
#include "training/shuffled_batches.h"
#include "training/stopwatch.h"
#include "training/train_once.h"

namespace mint::training {
namespace {

bool reads_keypoints(const std::string& method) {
  return method != "cnn";
}

// How DAgger is trained must fit together before hours are spent on demonstrations and a detector.
void require_dagger_recipe(const CloneRecipe& recipe) {
  CloneConfig clone = recipe.clone;
  agents::set_plans(clone.policy, 1);  // at least; how many the demonstrations have is not known
  const auto policy = agents::make_policy(clone.policy, /*seed=*/0);
  DaggerKeys keys{"study", "dagger.", "steps"};
  if (!recipe.steps_of_task.empty()) {
    clone.steps = *std::min_element(recipe.steps_of_task.begin(), recipe.steps_of_task.end());
    keys.steps = "steps_of_task";
  }
  require_dagger(clone, *policy, keys);
}

// <cells>/demonstrations-<task>-<n>-<seed>.h5, recorded when it is not there.
std::string recorded_demonstrations(const ImitationConfig& config, const std::string& task) {
  RecordingConfig recording;
  recording.task = task;
  recording.episodes =
      static_cast<int>(std::max(config.demos, config.detector_demos) + config.held_out);
  recording.seed = config.seed;
  const std::filesystem::path folder = std::filesystem::path(config.cells) / "demonstrations";
  const auto file = folder / (task + "-" + std::to_string(recording.episodes) + "-seed" +
                              std::to_string(recording.seed) + ".h5");
  if (std::filesystem::exists(file)) return file.string();
  std::filesystem::create_directories(folder);
  const CellLock lock(folder, [] {});
  if (std::filesystem::exists(file)) return file.string();
  DemonstrationOutput output(file.string());
  record_expert(recording, [&](const Episode& episode) {
    if (is_interrupted()) throw Interrupted();
    output.add(episode);
  });
  output.finish();
  return file.string();
}

// The run of a detector trained on `data`, in a cell of its own.
std::string trained_detector(const ImitationConfig& config, const std::vector<std::string>& data,
                             const std::string& data_hash, const OnProgress& on_progress) {
  PretrainConfig pretrain = config.pretrain;
  pretrain.data.tasks = config.tasks;
  pretrain.data.demos_per_task = config.detector_demos == 0 ? config.demos : config.detector_demos;
  pretrain.data.held_out_per_task = config.held_out;
  pretrain.seed = config.seed;
  pretrain.data.files = {"data"};  // where it lies decides nothing
  const std::filesystem::path folder = std::filesystem::path(config.cells) /
                                       content_hash(dump_config(pretrain) + "# data " + data_hash);
  pretrain.data.files = data;
  pretrain.output = (folder / "detector").string();
  std::filesystem::create_directories(folder);
  const CellLock lock(folder, [&] {
    on_progress({"waits for another study: " + folder.string(), "steps", 0, 1, ""});
  });
  train_once(folder, pretrain.output,
             [&] { pretrain_detector(pretrain, on_progress, Start::kResume); });
  return pretrain.output;
}

std::vector<std::string> asked_variants(const ImitationConfig& config, const std::string& task) {
  if (config.variants == std::vector<std::string>{"all"}) return envs::find_task(task).variants;
  return config.variants;
}

std::vector<double> scores_of(const VariantEvaluation& variant) {
  std::vector<double> scores;
  for (const RolloutEpisode& episode : variant.episodes) scores.push_back(episode.score);
  return scores;
}

void write_scores(const ImitationCell& cell, const ImitationScores& scores) {
  nlohmann::ordered_json json;
  json["task"] = cell.task;
  json["method"] = cell.method;
  json["seed"] = cell.seed;
  json["training_s"] = scores.training_s;
  json["evaluation_s"] = scores.evaluation_s;
  json["samples_per_s"] = scores.samples_per_s;
  json["films"] = scores.films;
  json["scores"] = scores.scores;
  write_file_atomically(cell.folder / "scores.json", json.dump(1) + "\n");
}

double logged_speed(const std::filesystem::path& run) {
  double speed = 0;
  for (const MetricsLine& line : read_metrics(run / "timings.jsonl")) {
    for (const auto& [name, value] : line.values) {
      if (name == "samples_per_s") speed = value;
    }
  }
  return speed;
}

}  // namespace

ImitationSource imitation_source(const ImitationConfig& config, const OnProgress& on_progress) {
  if (std::count(config.methods.begin(), config.methods.end(), "dagger") > 0) {
    require_dagger_recipe(config.dagger);
  }
  ImitationSource source;
  source.data = config.data;
  if (config.demonstrations == "expert") {
    source.data.clear();
    for (const std::string& task : config.tasks) {
      source.data.push_back(recorded_demonstrations(config, task));
    }
  } else if (config.data.empty()) {
    throw ConfigError("study: data: expected demonstration files (mint import-magical), got none");
  }
  ContentHash content;
  for (const std::string& file : source.data) content.add(read_file(file));
  source.fingerprint = "# demonstrations " + content.text() + "\n";
  const bool needs_detector =
      std::any_of(config.methods.begin(), config.methods.end(), reads_keypoints);
  if (!needs_detector) return source;
  source.detector = config.detector.empty()
                        ? trained_detector(config, source.data, content.text(), on_progress)
                        : config.detector;
  const auto checkpoint = find_checkpoint(source.detector);
  ContentHash weights;
  weights.add(read_checkpoint_config(checkpoint));
  weights.add(read_file(checkpoint / "model.safetensors"));
  source.fingerprint += "# detector " + weights.text() + "\n";
  return source;
}

std::vector<ImitationCell> imitation_cells(const ImitationConfig& config,
                                           const ImitationSource& source) {
  std::vector<ImitationCell> cells;
  for (size_t t = 0; t < config.tasks.size(); ++t) {
    for (const std::string& method : config.methods) {
      const CloneRecipe& recipe = recipe_of(config, method);
      if (!recipe.steps_of_task.empty() && recipe.steps_of_task.size() != config.tasks.size()) {
        throw ConfigError("study: " + method + ".steps_of_task: expected " +
                          std::to_string(config.tasks.size()) + " values, one a task, got " +
                          std::to_string(recipe.steps_of_task.size()));
      }
      for (int64_t i = 0; i < config.seeds; ++i) {
        ImitationCell cell{config.tasks[t], method, config.seed + static_cast<uint64_t>(i),
                           recipe.clone,    "",     {}};
        if (!recipe.steps_of_task.empty()) cell.clone.steps = recipe.steps_of_task[t];
        const auto& planned = recipe.planned_tasks;
        if (!planned.empty() && std::count(planned.begin(), planned.end(), cell.task) == 0) {
          agents::set_plans(cell.clone.policy, 0);
        }
        cell.clone.task = cell.task;
        cell.clone.seed = cell.seed;
        cell.clone.data.files = {"data"};  // where it lies decides nothing
        cell.clone.data.tasks = {cell.task};
        cell.clone.data.demos_per_task = config.demos;
        cell.clone.data.held_out_per_task = config.held_out;
        cell.content = dump_config(cell.clone) + source.fingerprint + "# episodes " +
                       std::to_string(config.episodes) + ", seed " +
                       std::to_string(config.evaluation_seed) +
                       (config.all_plans ? ", all plans" : "") + "\n";
        for (const std::string& variant : asked_variants(config, cell.task)) {
          cell.content += "# variant " + variant + "\n";
        }
        cell.folder = std::filesystem::path(config.cells) / content_hash(cell.content);
        cell.clone.data.files = source.data;
        cell.clone.detector = reads_keypoints(method) ? source.detector : "";
        cell.clone.output = (cell.folder / "policy").string();
        cells.push_back(cell);
      }
    }
  }
  return cells;
}

double epochs_of(const ImitationCell& cell) {
  std::vector<Episode> episodes;
  for (ChosenEpisode& chosen : choose_episodes(cell.clone.data).train) {
    Episode episode;
    episode.actions = std::move(chosen.info.actions);
    episodes.push_back(std::move(episode));
  }
  const int64_t decisions =
      make_policy_dataset(episodes, {1, 1, cell.clone.idle_tail, cell.clone.idle_weight}).size();
  const ShuffledBatches batches(all_indices(decisions), cell.clone.batch, /*seed=*/0);
  return static_cast<double>(cell.clone.steps) / static_cast<double>(batches.per_epoch());
}

bool is_done(const ImitationCell& cell) {
  return std::filesystem::exists(cell.folder / "scores.json");
}

ImitationScores run_cell(const ImitationCell& cell, const ImitationConfig& config,
                         const OnProgress& on_progress) {
  if (is_done(cell)) return read_scores(cell);
  std::filesystem::create_directories(cell.folder);
  const CellLock lock(cell.folder, [&] {
    on_progress({"waits for another study: " + cell.folder.string(), "steps", 0, 1, ""});
  });
  if (is_done(cell)) return read_scores(cell);
  write_file_atomically(cell.folder / "config.yaml", cell.content);
  const std::string run = cell.clone.output;
  ImitationScores result;
  result.training_s =
      train_once(cell.folder, run, [&] { clone_policy(cell.clone, on_progress, Start::kResume); });
  result.samples_per_s = logged_speed(run);

  const Stopwatch time;
  EvaluationConfig evaluation;
  evaluation.run = run;
  evaluation.episodes = static_cast<int>(config.episodes);
  evaluation.seed = config.evaluation_seed;
  if (config.all_plans && load_agent(run).agent.policy->plans() > 0) {
    evaluation.variants = {"Demo"};
    evaluation.videos = 0;
    for (const auto& [plan, name] :
         {std::make_pair("none", "Demo, no plan"), std::make_pair("all", "Demo, every plan")}) {
      evaluation.plan = plan;
      result.scores[name] = scores_of(evaluate_run(evaluation, on_progress).front());
    }
  }
  evaluation.variants = asked_variants(config, cell.task);
  evaluation.videos = static_cast<int>(config.videos);
  evaluation.plan = "chosen";
  const auto variants = evaluate_run(evaluation, on_progress);
  for (size_t i = 0; i < variants.size(); ++i) {
    result.scores[evaluation.variants[i]] = scores_of(variants[i]);
    result.films.insert(result.films.end(), variants[i].videos.begin(), variants[i].videos.end());
  }
  result.evaluation_s = time.seconds();
  write_scores(cell, result);
  return result;
}

ImitationScores read_scores(const ImitationCell& cell) {
  const auto file = cell.folder / "scores.json";
  try {
    const auto json = nlohmann::json::parse(read_file(file));
    ImitationScores result;
    result.training_s = json.at("training_s");
    result.evaluation_s = json.at("evaluation_s");
    result.samples_per_s = json.at("samples_per_s");
    result.films = json.at("films").get<std::vector<std::string>>();
    result.scores = json.at("scores").get<std::map<std::string, std::vector<double>>>();
    return result;
  } catch (const nlohmann::json::exception&) {
    throw std::runtime_error(file.string() + ": expected the scores of a cell; remove the folder " +
                             "to compute it again");
  }
}

}  // namespace mint::training
