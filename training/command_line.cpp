#include "training/command_line.h"

#include <csignal>
#include <exception>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>

#include "training/command_options.h"
#include "training/config_error.h"
#include "training/error_line.h"
#include "training/interrupt.h"

namespace mint::training {
namespace {

constexpr const char* kAbout =
    "mint: imitation learning on keypoints learnt without labels.\n"
    "demonstrations -> pretrain a detector -> clone a policy -> evaluate it";

// CLI11 itself would complain about the words that follow.
void require_known_command(CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return;
  std::string names;
  for (const CLI::App* command : app.get_subcommands({})) {
    if (command->get_name() == argv[1]) return;
    names += (names.empty() ? "" : ", ") + command->get_name();
  }
  throw ConfigError("command line: expected a command (" + names + "), got \"" + argv[1] + "\"");
}

// The command whose help is of use after an error.
std::string help_command(const CLI::App& app) {
  const auto given = app.get_subcommands();
  return "mint " + (given.empty() ? "" : given[0]->get_name() + " ") + "--help";
}

}  // namespace

int run_command_line(int argc, char** argv) {
  CLI::App app{kAbout, "mint"};
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "help of every command");
  app.get_formatter()->column_width(34);
  int exit_code = 0;

  QuickstartOptions quickstart_options;
  auto* command = app.add_subcommand(
      "quickstart",
      "the whole pipeline, small: demonstrations, detector, policies, scores, report");
  add_quickstart(command, quickstart_options, exit_code);

  RecordOptions record_options;
  command = app.add_subcommand(
      "record", "record demonstrations of a task by its scripted expert or from the keyboard");
  add_record(command, record_options, exit_code);

  ImportMagicalOptions import_options;
  command = app.add_subcommand("import-magical", "read original MAGICAL demonstrations (.pkl.gz)");
  add_import_magical(command, import_options, exit_code);

  MultiplyOptions multiply_options;
  command = app.add_subcommand("multiply",
                               "many episodes near the demonstrated ones, from jittered starts");
  add_multiply(command, multiply_options, exit_code);

  MakeCollisionsOptions collisions_options;
  command = app.add_subcommand("make-collisions",
                               "generate videos of colliding objects in CLEVRER's files");
  add_make_collisions(command, collisions_options, exit_code);

  InspectOptions inspect_options;
  command = app.add_subcommand("inspect", "what a demonstration file, a checkpoint or a run holds");
  add_inspect(command, inspect_options, exit_code);

  PlayOptions play_options;
  command = app.add_subcommand("play", "show a task, a demonstration or a policy in a window");
  add_play(command, play_options, exit_code);

  ConfigArguments pretrain_arguments;
  command = app.add_subcommand("pretrain", "train a keypoint detector on demonstrations");
  add_pretrain(command, pretrain_arguments, exit_code);

  ConfigArguments clone_arguments;
  command = app.add_subcommand("clone", "clone the demonstrated behaviour of one task");
  add_clone(command, clone_arguments, exit_code);

  ConfigArguments dynamics_arguments;
  command = app.add_subcommand(
      "fit-dynamics", "train a keypoint predictor: from four frames, the next one, two and three");
  add_fit_dynamics(command, dynamics_arguments, exit_code);

  DetectOptions detect_options;
  command = app.add_subcommand("detect", "keypoints of a video: tables, overlay film, plots");
  add_detect(command, detect_options, exit_code);

  ImagineOptions imagine_options;
  command = app.add_subcommand("imagine",
                               "a video with the keypoints that a forward model expects in it");
  add_imagine(command, imagine_options, exit_code);

  EvaluateOptions evaluate_options;
  command = app.add_subcommand("evaluate", "score a cloned policy over variants and episodes");
  add_evaluate(command, evaluate_options, exit_code);

  StudyOptions study_options;
  command = app.add_subcommand(
      "study",
      "a whole table of the paper: detectors compared (detection), forward models (dynamics), "
      "policies (imitation), losses (ablation)");
  add_study(command, study_options, exit_code);

  command = app.add_subcommand(
      "doctor", "versions, BLAS, CUDA, codecs; what is missing and the command that mends it");
  command->callback([&] { exit_code = doctor(); });

  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error of write(), not a death
  try {
    require_known_command(app, argc, argv);
    app.parse(argc, argv);
    return exit_code;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help
    std::cerr << "mint: " << error_line(error) << "; see " << help_command(app) << "\n";
    return 2;
  } catch (const Interrupted& stop) {
    std::cerr << "mint: " << error_line(stop) << "\n";
    return stop.exit_code();
  } catch (const ConfigError& error) {
    std::cerr << "mint: " << error_line(error) << "\n";
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "mint: " << error_line(error) << "\n";
    return 1;
  }
}

}  // namespace mint::training
