#include "training/command_line.h"

#include <cstdint>
#include <iostream>
#include <regex>
#include <stdexcept>
#include <string>

#include <CLI/CLI.hpp>

#include "training/commands/commands.h"
#include "training/commands/config_keys.h"
#include "training/commands/inspect.h"
#include "training/config_error.h"
#include "training/error_line.h"
#include "training/interrupt.h"

namespace mint::training {
namespace {

constexpr const char* kAbout =
    "mint: imitation learning on keypoints learnt without labels.\n"
    "demonstrations -> pretrain a detector -> clone a policy -> evaluate it";

// `[config.yaml] [key=value …]`, in any order.
void add_config(CLI::App* command, ConfigArguments& config) {
  command
      ->add_option_function<std::vector<std::string>>(
          "config",
          [&config](const std::vector<std::string>& words) {
            static const std::regex override_form("[A-Za-z_][A-Za-z0-9_.]*=.*");
            for (const std::string& word : words) {
              if (std::regex_match(word, override_form)) {
                config.overrides.push_back(word);
              } else if (config.file.empty()) {
                config.file = word;
              } else {
                throw CLI::ValidationError(word, "expected one config file and key=value words");
              }
            }
          },
          "config.yaml and key=value overrides, in any order")
      ->type_name("[FILE] [KEY=VALUE ...]");
}

// CLI11 alone takes -1 for 2^64 - 1.
void add_seed(CLI::App* command, uint64_t& seed, const std::string& help) {
  command->add_option("--seed", seed, help)
      ->check([](const std::string& text) {
        const bool is_whole = text.find_first_not_of("0123456789") == std::string::npos;
        return is_whole ? "" : "expected an integer >= 0, got \"" + text + "\"";
      })
      ->capture_default_str();
}

// Lists the keys below the options.
void add_keys(CLI::App* command, std::string (*keys)()) {
  command->footer([keys] { return "Keys:\n" + keys(); });
}

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

// Control steps per second of a window.
void add_speed(CLI::App* command, double& steps_per_second) {
  command->add_option("--speed", steps_per_second, "control steps per second of the window")
      ->check(CLI::Range(1.0, 1000.0))
      ->capture_default_str();
}

void add_record(CLI::App* command, RecordOptions& options, int& exit_code) {
  command
      ->add_option("--task", options.task,
                   "MoveToCorner, or an environment's name; mint play --list names all")
      ->required();
  command->add_option("--variant", options.variant, "of the task [Demo]");
  command->add_option("-n,--episodes", options.episodes, "how many [24; by keyboard: until Escape]")
      ->check(CLI::Range(1, 1000000));
  command->add_option("--by", options.by, "who acts")
      ->check(CLI::IsMember({"expert", "keyboard"}))
      ->capture_default_str();
  auto* noise = command->add_option("--noise", options.noise,
                                    "probability that a step executes another action than the "
                                    "expert's recorded choice");
  noise->check(CLI::Range(0.0, 0.9))->capture_default_str();
  add_seed(command, options.seed, "root seed");
  command->add_option("-o,--output", options.output, "new HDF5 file")->required();
  command->add_option("--camera", options.camera, "what the window shows; files hold allo")
      ->check(CLI::IsMember({"allo", "ego", "both"}))
      ->capture_default_str();
  add_speed(command, options.steps_per_second);
  command->footer(
      "By keyboard: arrows drive and turn, space closes the gripper while it is held. The clock "
      "starts with the\n"
      "first of these keys; an episode has exactly the task's number of steps. At its end Enter "
      "keeps it, whatever\n"
      "its score; before its end Enter only says how many steps are missing. R drops it and starts "
      "the same scene\n"
      "again. P pauses, period steps once, C changes the camera, M shows masks. Escape ends and "
      "drops the\n"
      "episode in hand.\n"
      "Every kept episode is on disk before the next begins; until the end the file is called "
      "<output>.partial.");
  command->callback([noise, &options, &exit_code] {
    if (options.by == "keyboard" && noise->count() > 0) {
      throw ConfigError("command line: --noise: expected --by expert, got --by keyboard");
    }
    exit_code = record(options);
  });
}

void add_multiply(CLI::App* command, MultiplyOptions& options, int& exit_code) {
  command
      ->add_option("demonstrations", options.demonstrations,
                   "file of mint record or mint import-magical, all in Demo")
      ->required();
  command->add_option("--task", options.task, "only these demonstrations [all tasks of the file]");
  command->add_option("-n,--episodes", options.episodes, "how many of each task")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command
      ->add_option("--noise", options.noise,
                   "probability that a step executes another action than the recorded choice")
      ->check(CLI::Range(0.0, 0.9))
      ->capture_default_str();
  command
      ->add_option("--position-jitter", options.position_jitter,
                   "how far everything may start from its place in Demo, each axis, in units; "
                   "TestJitter has 0.025")
      ->check(CLI::Range(0.0, 0.2))
      ->capture_default_str();
  command
      ->add_option("--angle-jitter", options.angle_jitter,
                   "how far it may start from its angle, in rad; TestJitter has 0.157")
      ->check(CLI::Range(0.0, 3.1416))
      ->capture_default_str();
  add_seed(command, options.seed, "root seed");
  command->add_option("--jobs", options.jobs, "threads; changes nothing in the episodes")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_option("-o,--output", options.output, "new HDF5 file")->required();
  command->footer(
      "Every demonstration is cut into segments: from where the robot fetched which block, and "
      "where "
      "it let go of it.\n"
      "Scripted control retraces them from jittered starts. Only episodes that score 1 are kept; "
      "they are Demo's and\n"
      "come from the demonstrations in turn, and their source says from which. Positions in "
      "demonstrations without\n"
      "states are measured from the frames. Clone all of them with demos_per_task=0.\n"
      "After Ctrl-C the finished episodes are in <output>.partial.");
  command->callback([&options, &exit_code] { exit_code = multiply(options); });
}

void add_make_collisions(CLI::App* command, MakeCollisionsOptions& options, int& exit_code) {
  command->add_option("-o,--output", options.output, "new folder")->required();
  const auto add_videos = [&](const char* name, int& count, int largest) {
    command->add_option(name, count, "videos of this split")
        ->check(CLI::Range(0, largest))
        ->capture_default_str();
  };
  add_videos("--train", options.train, 10000);
  add_videos("--validation", options.validation, 5000);
  add_videos("--test", options.test, 5000);
  add_seed(command, options.seed, "root seed");
  command->add_option("--jobs", options.jobs, "videos made at once; changes nothing in them")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_flag("--resume", options.resumes, "go on with a data set of the same seed");
  command->callback([&options, &exit_code] { exit_code = make_collisions(options); });
}

void add_play(CLI::App* command, PlayOptions& options, int& exit_code) {
  auto* what = command->add_option(
      "what", options.what,
      "task, environment's name (FindDupe-TestShape-LoRes4E-v0), demonstration file, or run of a "
      "policy");
  command->add_flag("--list", options.lists, "list all tasks, variants and preprocessors");
  command->add_option("--variant", options.variant, "of a task or a policy [Demo]");
  command
      ->add_option("--by", options.by,
                   "who plays a task, keyboard or expert [keyboard; with --headless expert]")
      ->check(CLI::IsMember({"keyboard", "expert"}));
  command->add_option("--task", options.task, "only these episodes of a demonstration file");
  command->add_option("--episode", options.episode,
                      "only this one of a demonstration file: demo_3");
  command
      ->add_option("--camera", options.camera,
                   "allo, ego or both, side by side [as the preprocessor has it, else allo]")
      ->check(CLI::IsMember({"allo", "ego", "both"}));
  command->add_flag("--masks", options.shows_masks, "every entity in a colour of its own");
  command->add_option("--detector", options.detector, "run whose keypoints are drawn");
  command->add_flag("--no-text", options.hides_text, "no step, score and so on over the picture");
  add_seed(command, options.seed, "of the first episode; the next ones count up");
  command
      ->add_option("--episodes", options.episodes,
                   "stop after so many; 0: until Escape [0; with --headless 1, of a file all]")
      ->check(CLI::Range(0, 1000000));
  command->add_flag("--headless", options.is_headless,
                    "no window, as fast as it goes; prints the score of every episode");
  command->add_option("--video", options.video,
                      "film of all episodes: .mp4, .avi or .gif; replaces an earlier one");
  command->add_option("--screenshot", options.screenshot, "PNG of the last frame shown");
  add_speed(command, options.steps_per_second);
  command->footer(
      "Keys: arrows drive and turn, space closes the gripper, R restarts the episode, P pauses, "
      "period steps once,\n"
      "C changes the camera (not while filming), M shows masks, K hides keypoints, Escape ends.");
  command->callback([what, &options, &exit_code] {
    if (what->count() == 0 && !options.lists) throw CLI::RequiredError("what");
    exit_code = play(options);
  });
}

void add_study(CLI::App* command, StudyOptions& options, int& exit_code) {
  command
      ->add_option("study", options.name,
                   "detection (Table 1), ablation (Table 6) or imitation (Table 3)")
      ->check(CLI::IsMember({"detection", "ablation", "imitation"}))
      ->required();
  command
      ->add_option(
          "--preset", options.preset,
          "budget: configs/study_<data>_<preset>.yaml, study_imitation_<preset>.yaml; quick "
          "takes minutes, full up to 45 minutes on two cores (imitation 90), paper is the "
          "paper's own [quick]")
      ->check(CLI::IsMember({"quick", "full", "paper"}));
  add_config(command, options.config);
  add_keys(command, study_keys);
  command->callback([&options, &exit_code] { exit_code = study(options); });
}

void add_detect(CLI::App* command, DetectOptions& options, int& exit_code) {
  command->add_option("video", options.video, "any video that OpenCV reads")->required();
  command
      ->add_option("--detector", options.detectors,
                   "run of mint pretrain or mint clone; several are shown side by side")
      ->allow_extra_args(false)
      ->required();
  command->add_option("-o,--output", options.output, "new folder [runs/detect, -2, -3 ...]");
  command->add_option("--from", options.from, "first frame, counted from 0")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--to", options.to, "last frame [the video's last]")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--every", options.every, "use every n-th frame")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--crop", options.crop, "X,Y,WIDTH,HEIGHT: only this part, in pixels");
  command->add_option("--trail", options.trail, "frames that a keypoint's trail goes back")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command->add_flag("--no-film", options.skips_film, "no overlay video");
  command->add_option("--activity", options.activity,
                      "JSON with lists of a number for every frame of the video; prints how "
                      "active keypoints correlate with each");
  command->add_option("--objects", options.objects,
                      "the video's proposals in CLEVRER's format; the same for the number of "
                      "visible objects");
  command->add_flag("--static", options.shows_static,
                    "how far keypoints drift that are always active and do not move");
  command->footer(
      "Frames are resized to what a detector was trained on: use the crop and the rate (--every) "
      "of its training.\n"
      "The folder then holds keypoints.csv and keypoints.json (pixels of the video), overlay.mp4 "
      "with trails,\n"
      "active.svg (active keypoints over time), pictures/, summary.json and report.html with all "
      "of it.");
  command->callback([&options, &exit_code] { exit_code = detect(options); });
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
  command->add_option("--output", quickstart_options.output,
                      "new run directory [runs/quickstart, -2, -3 ...]");
  command->add_option(
      "--demos", quickstart_options.demos,
      "folder of original MAGICAL demonstrations to learn from instead of experts'");
  add_config(command, quickstart_options.config);
  add_keys(command, quickstart_keys);
  command->callback([&] { exit_code = quickstart(quickstart_options); });

  RecordOptions record_options;
  command = app.add_subcommand(
      "record", "record demonstrations of a task by its scripted expert or from the keyboard");
  add_record(command, record_options, exit_code);

  ImportMagicalOptions import_options;
  command = app.add_subcommand("import-magical", "read original MAGICAL demonstrations (.pkl.gz)");
  command->add_option("source", import_options.sources, "files or folders")->required();
  command->add_option("-o,--output", import_options.output, "new HDF5 file")->required();
  command->callback([&] { exit_code = import_magical(import_options); });

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
  command->add_option("path", inspect_options.path, "file or directory")->required();
  command->callback([&] { exit_code = inspect(inspect_options); });

  PlayOptions play_options;
  command = app.add_subcommand("play", "show a task, a demonstration or a policy in a window");
  add_play(command, play_options, exit_code);

  ConfigArguments pretrain_arguments;
  command = app.add_subcommand("pretrain", "train a keypoint detector on demonstrations");
  add_config(command, pretrain_arguments);
  add_keys(command, pretrain_keys);
  command->callback([&] { exit_code = pretrain(pretrain_arguments); });

  ConfigArguments clone_arguments;
  command = app.add_subcommand("clone", "clone the demonstrated behaviour of one task");
  add_config(command, clone_arguments);
  add_keys(command, clone_keys);
  command->callback([&] { exit_code = clone(clone_arguments); });

  DetectOptions detect_options;
  command = app.add_subcommand("detect", "keypoints of a video: tables, overlay film, plots");
  add_detect(command, detect_options, exit_code);

  EvaluateOptions evaluate_options;
  command = app.add_subcommand("evaluate", "score a cloned policy over variants and episodes");
  command->add_option("run", evaluate_options.run, "run directory of `mint clone`")->required();
  command
      ->add_option("--variants", evaluate_options.variants,
                   "comma separated, or all: every variant of the task")
      ->delimiter(',')
      ->capture_default_str();
  command->add_option("--episodes", evaluate_options.episodes, "per variant")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  add_seed(command, evaluate_options.seed, "root seed of the episodes");
  command->add_option("--videos", evaluate_options.videos, "best and worst episodes filmed, each")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command
      ->add_option("--plan", evaluate_options.plan,
                   "of a policy with a plan variable: chosen, none, all (one an episode, in turn) "
                   "or a demonstration's number")
      ->capture_default_str();
  command->callback([&] { exit_code = evaluate(evaluate_options); });

  StudyOptions study_options;
  command = app.add_subcommand(
      "study",
      "a whole table of the paper: detectors compared (detection), losses (ablation), policies "
      "(imitation)");
  add_study(command, study_options, exit_code);

  command = app.add_subcommand(
      "doctor", "versions, BLAS, CUDA, codecs; what is missing and the command that mends it");
  command->callback([&] { exit_code = doctor(); });

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
