// `mint quickstart`: the main loop of the project on one page. Demonstrations, detector, policies,
// scores, report.
#include <cstdio>
#include <set>

#include "envs/task.h"
#include "training/agent.h"
#include "training/atomic_file.h"
#include "training/clone.h"
#include "training/commands/commands.h"
#include "training/environment_report.h"
#include "training/interrupt.h"
#include "training/magical_import.h"
#include "training/output_folder.h"
#include "training/pretrain.h"
#include "training/quickstart_config.h"
#include "training/quickstart_report.h"
#include "training/run_directory.h"
#include "training/stopwatch.h"

namespace mint::training {
namespace {

const std::vector<std::string> kVariants = {"Demo", "TestJitter"};

// Demonstration files: the imported ones, or one a task by its expert. Those that are there are
// whole.
std::vector<std::string> make_demonstrations(const QuickstartConfig& config,
                                             const std::string& imported_from,
                                             const std::filesystem::path& folder) {
  if (!imported_from.empty()) {
    const std::string file = (folder / "demonstrations.h5").string();
    if (!std::filesystem::exists(file)) import_magical({{imported_from}, file});
    return {file};
  }
  std::vector<std::string> files;
  for (const std::string& task : config.tasks) {
    RecordOptions options;
    options.task = task;
    options.episodes = config.demonstrations;
    options.noise = config.noise;
    options.seed = config.seed;
    options.output = (folder / ("demonstrations-" + task + ".h5")).string();
    std::filesystem::remove(options.output + ".partial");  // of a recording that was stopped
    if (!std::filesystem::exists(options.output)) record(options);
    files.push_back(options.output);
  }
  return files;
}

PretrainConfig pretrain_config(const QuickstartConfig& config,
                               const std::vector<std::string>& files,
                               const std::filesystem::path& folder) {
  PretrainConfig pretrain;
  pretrain.data = {files, config.tasks, config.demonstrations, /*held_out_per_task=*/1};
  pretrain.output = (folder / "detector").string();
  pretrain.epochs = config.epochs;
  pretrain.seed = config.seed;
  return pretrain;
}

CloneConfig clone_config(const QuickstartConfig& config, const std::vector<std::string>& files,
                         const std::string& task, const std::filesystem::path& folder) {
  CloneConfig clone;
  clone.data = {files, {}, config.demonstrations, /*held_out_per_task=*/1};
  clone.task = task;
  clone.detector = (folder / "detector").string();
  clone.output = (folder / ("policy-" + task)).string();
  clone.steps = config.steps;
  clone.seed = config.seed;
  return clone;
}

void clone_policies(const QuickstartConfig& config, const std::vector<std::string>& files,
                    const QuickstartResults& results, Start start) {
  std::vector<Job> jobs;
  for (const std::string& task : config.tasks) {
    const auto clone = clone_config(config, files, task, results.folder);
    jobs.push_back({"clone", config.steps,
                    [=](const OnProgress& progress) { clone_policy(clone, progress, start); }});
  }
  run_jobs("clone " + std::to_string(jobs.size()) + " policies", "steps", jobs);
}

void evaluate_policies(const QuickstartConfig& config, QuickstartResults& results) {
  std::vector<Job> jobs;
  for (const std::string& task : config.tasks) {
    results.tasks.push_back({task, results.folder / ("policy-" + task), {}});
  }
  for (auto& task : results.tasks) {
    EvaluationConfig evaluation{task.run.string(), kVariants, config.episodes, config.seed,
                                /*videos=*/1};
    jobs.push_back({"evaluate", evaluation_steps(task.name, kVariants.size()),
                    [&task, evaluation](const OnProgress& progress) {
                      task.variants = evaluate_run(evaluation, progress);
                    }});
  }
  run_jobs("evaluate", "steps", jobs);
}

void cover(const QuickstartConfig& config, QuickstartResults& results) {
  const auto detector = load_detector(results.detector.string());
  for (const std::string& task : config.tasks) {
    results.coverage.push_back(measure_coverage(*detector, task, coverage_seeds(config.seed)));
    std::printf("coverage of expert rollouts: %s\n", to_line(results.coverage.back()).c_str());
  }
}

// Runs one stage under a heading and notes its time.
template <class Function>
auto stage(QuickstartResults& results, const std::string& name, const Function& function) {
  std::fflush(stdout);  // what the stage before printed comes first in a common log, too
  std::fprintf(stderr, "[%zu/5] %s\n", results.seconds.size() + 1, name.c_str());
  const Stopwatch time;
  const auto note_time = [&] { results.seconds.emplace_back(name, time.seconds()); };
  if constexpr (std::is_void_v<decltype(function())>) {
    function();
    note_time();
  } else {
    auto result = function();
    note_time();
    return result;
  }
}

}  // namespace

int quickstart(const QuickstartOptions& options) {
  const InterruptGuard guard;
  const auto config = load_config<QuickstartConfig>(options.config.file, options.config.overrides);
  if (!options.demos.empty()) find_magical_demonstrations(options.demos);  // throws without any
  if (std::set<std::string>(config.tasks.begin(), config.tasks.end()).size() <
      config.tasks.size()) {
    throw ConfigError("quickstart: tasks: expected each task once");
  }
  QuickstartResults results;
  const Start start = options.config.start();
  results.folder = output_folder(options.output, "quickstart", start);
  results.detector = results.folder / "detector";
  results.config = dump_config(config);
  std::string source = options.demos.empty() ? "recorded" : options.demos;
  const auto run =
      RunDirectory::open(results.folder, results.config + "# demonstrations: " + source + "\n",
                         environment_text(), start);

  const auto files = stage(results, "demonstrations", [&] {
    return make_demonstrations(config, options.demos, results.folder);
  });
  stage(results, "detector", [&] {
    pretrain_detector(pretrain_config(config, files, results.folder), show_progress(), start);
    cover(config, results);
  });
  stage(results, "policies", [&] { clone_policies(config, files, results, start); });
  stage(results, "evaluation", [&] { evaluate_policies(config, results); });
  stage(results, "report", [&] {
    write_file_atomically(results.folder / "evaluation.csv", score_csv(score_rows(results)));
    write_file_atomically(results.folder / "report.html", quickstart_report(results));
  });
  std::printf("%sreport: %s\n", score_text(score_rows(results)).c_str(),
              (results.folder / "report.html").c_str());
  return 0;
}

}  // namespace mint::training
