#include "training/command_options.h"

#include <cstdint>
#include <regex>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "training/commands/config_keys.h"
#include "training/config_error.h"

namespace mint::training {
namespace {

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

// Lists the keys below the options.
void add_keys(CLI::App* command, std::string (*keys)()) {
  command->footer([keys] { return "Keys:\n" + keys(); });
}

// The words of a training command.
void add_training(CLI::App* command, ConfigArguments& config, std::string (*keys)()) {
  add_config(command, config);
  command->add_flag(
      "--resume", config.resumes,
      "go on with the run in its output folder, whenever and however it was stopped, as if it "
      "had not been; begin it when there is none. Give the other words again");
  add_keys(command, keys);
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

// Control steps per second of a window.
void add_speed(CLI::App* command, double& steps_per_second) {
  command->add_option("--speed", steps_per_second, "control steps per second of the window")
      ->check(CLI::Range(1.0, 1000.0))
      ->capture_default_str();
}

}  // namespace

void add_quickstart(CLI::App* command, QuickstartOptions& options, int& exit_code) {
  command->add_option("--output", options.output,
                      "new run directory [runs/quickstart, -2, -3 ...]");
  command->add_option(
      "--demos", options.demos,
      "folder of original MAGICAL demonstrations to learn from instead of experts'");
  add_training(command, options.config, quickstart_keys);
  command->callback([&options, &exit_code] { exit_code = quickstart(options); });
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

void add_import_magical(CLI::App* command, ImportMagicalOptions& options, int& exit_code) {
  command->add_option("source", options.sources, "files or folders")->required();
  command->add_option("-o,--output", options.output, "new HDF5 file")->required();
  command->callback([&options, &exit_code] { exit_code = import_magical(options); });
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

void add_inspect(CLI::App* command, InspectOptions& options, int& exit_code) {
  command->add_option("path", options.path, "file or directory")->required();
  command->callback([&options, &exit_code] { exit_code = inspect(options); });
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

void add_pretrain(CLI::App* command, ConfigArguments& config, int& exit_code) {
  add_training(command, config, pretrain_keys);
  command->callback([&config, &exit_code] { exit_code = pretrain(config); });
}

void add_clone(CLI::App* command, ConfigArguments& config, int& exit_code) {
  add_training(command, config, clone_keys);
  command->callback([&config, &exit_code] { exit_code = clone(config); });
}

void add_fit_dynamics(CLI::App* command, ConfigArguments& config, int& exit_code) {
  add_training(command, config, fit_dynamics_keys);
  command->callback([&config, &exit_code] { exit_code = fit_dynamics(config); });
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

void add_imagine(CLI::App* command, ImagineOptions& options, int& exit_code) {
  command
      ->add_option("input", options.input,
                   "any video that OpenCV reads, or a demonstration file (.h5)")
      ->required();
  command->add_option("--dynamics", options.dynamics, "run of mint fit-dynamics")->required();
  command->add_option("--frames", options.frames, "imagined from each frame on")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--episode", options.episode, "of a demonstration file, counted from 0")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("-o,--output", options.output,
                      "film: .mp4, .avi or .gif [runs/imagine/imagined.mp4, -2, -3 ...]");
  command->footer(
      "Every frame with its active keypoints and, transparent, where they are imagined to be in "
      "the\nnext frames. A predictor with actions is told those of the demonstration.");
  command->callback([&options, &exit_code] { exit_code = imagine(options); });
}

void add_evaluate(CLI::App* command, EvaluateOptions& options, int& exit_code) {
  command->add_option("run", options.run, "run directory of `mint clone`")->required();
  command
      ->add_option("--variants", options.variants,
                   "comma separated, or all: every variant of the task")
      ->delimiter(',')
      ->capture_default_str();
  command->add_option("--episodes", options.episodes, "per variant")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  add_seed(command, options.seed, "root seed of the episodes");
  command
      ->add_option("--environments", options.environments,
                   "episodes rolled out at once, changes nothing in them [all]")
      ->check(CLI::Range(1, 100000));
  command->add_option("--videos", options.videos, "best and worst episodes filmed, each")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command
      ->add_option("--plan", options.plan,
                   "of a policy with a plan variable: chosen, none, all (one an episode, in turn) "
                   "or a plan's number")
      ->capture_default_str();
  command->callback([&options, &exit_code] { exit_code = evaluate(options); });
}

void add_study(CLI::App* command, StudyOptions& options, int& exit_code) {
  command
      ->add_option(
          "study", options.name,
          "detection (Table 1), dynamics (Table 2), imitation (Table 3) or ablation (Table 6)")
      ->check(CLI::IsMember({"detection", "dynamics", "imitation", "ablation"}))
      ->required();
  command
      ->add_option(
          "--preset", options.preset,
          "budget: configs/study_<data>_<preset>.yaml, study_imitation_<preset>.yaml; quick "
          "takes minutes, full up to 45 minutes on two cores (dynamics 10 more, imitation 90), "
          "paper is the paper's own [quick]")
      ->check(CLI::IsMember({"quick", "full", "paper"}));
  add_config(command, options.config);
  command->add_flag("--resume", options.config.resumes,
                    "changes nothing: a study always goes on with the cells that it has begun");
  add_keys(command, study_keys);
  command->callback([&options, &exit_code] { exit_code = study(options); });
}

}  // namespace mint::training
