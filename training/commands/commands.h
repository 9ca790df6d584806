// The subcommands of `mint`: what each is told and the function that does it. The command line is
// parsed in training/command_line.cpp; each command is one file here. A command returns its exit
// code or throws; messages are printed once, by the caller.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "training/run_directory.h"

namespace mint::training {

// A YAML file (may be empty) and `key=value` overrides, as given.
struct ConfigArguments {
  std::string file;
  std::vector<std::string> overrides;
  bool resumes = false;

  Start start() const { return resumes ? Start::kResume : Start::kNew; }
};

struct RecordOptions {
  std::string task;     // "MoveToCorner", or an environment's name "MoveToCorner-Demo-v0"
  std::string variant;  // "": the name's own, Demo for a task
  int episodes = 0;     // 0: 24 by the expert; by keyboard until Escape
  std::string by = "expert";
  double noise = 0.1;  // probability that a step executes another action; the expert's alone
  uint64_t seed = 0;
  std::string output;  // a new .hdf5 file
  // By keyboard:
  std::string camera = "allo";  // what the window shows: "allo", "ego", "both"
  double steps_per_second = 8;  // real time of the environments
};
int record(const RecordOptions& options);

struct ImportMagicalOptions {
  std::vector<std::string> sources;  // files or folders
  std::string output;                // a new .hdf5 file
};
int import_magical(const ImportMagicalOptions& options);

struct MultiplyOptions {
  std::string demonstrations;     // a file
  std::string task;               // of it; all when empty
  int episodes = 1000;            // of each task
  double noise = 0.1;             // probability that a step executes another action
  double position_jitter = 0.05;  // of the start, units, each axis
  double angle_jitter = 0.314;    // rad
  uint64_t seed = 0;
  int jobs = 1;        // threads
  std::string output;  // a new .hdf5 file
};
int multiply(const MultiplyOptions& options);

struct MakeCollisionsOptions {
  std::string output;  // a new folder, or one to go on with
  int train = 20;      // videos
  int validation = 0;
  int test = 100;
  uint64_t seed = 0;
  int jobs = 1;  // videos made at once
  bool resumes = false;
};
int make_collisions(const MakeCollisionsOptions& options);

struct PlayOptions {
  std::string what;      // a task, an environment's name, a demonstration file, or a policy's run
  std::string task;      // of a demonstration file with several tasks
  std::string variant;   // of a task or a policy; "": the name's own, else Demo
  std::string by;        // "keyboard" or "expert"; "": keyboard in a window, expert without one
  std::string episode;   // of a demonstration file, all in turn when empty
  std::string detector;  // run whose keypoints are drawn over the frames; optional
  std::string camera;    // "allo", "ego", "both"; "": as the preprocessor of the name has it
  bool shows_masks = false;
  bool hides_text = false;  // step, score and so on over the picture
  uint64_t seed = 0;
  double steps_per_second = 8;  // real time of the environments; without a window nothing waits
  int episodes = 0;             // stop after so many; 0: until Escape, without a window all once
  bool is_headless = false;     // no window
  std::string video;            // a film of all episodes; optional
  std::string screenshot;       // PNG of the last frame shown, for checking; optional
  bool lists = false;           // prints what there is to play, and nothing else
};
int play(const PlayOptions& options);

int pretrain(const ConfigArguments& arguments);
int clone(const ConfigArguments& arguments);
int fit_dynamics(const ConfigArguments& arguments);

struct ImagineOptions {
  std::string input;     // a video or a demonstration file
  std::string dynamics;  // run of mint fit-dynamics
  std::string output;    // film; runs/imagine/imagined, -2, -3 … when empty
  int64_t episode = 0;   // of a demonstration file
  int64_t frames = 10;   // imagined from each frame
};
int imagine(const ImagineOptions& options);

struct DetectOptions {
  std::string video;
  std::vector<std::string> detectors;  // runs, at least one
  std::string output;                  // new folder; runs/detect, -2, -3 … when empty
  int64_t from = 0;                    // first frame, counted from 0
  int64_t to = -1;                     // last frame; -1: to the end
  int64_t every = 1;
  std::string crop;           // "X,Y,WIDTH,HEIGHT", pixels; all of the image when empty
  int64_t trail = 10;         // earlier frames that the film joins by lines
  bool skips_film = false;    // no overlay video
  std::string activity;       // JSON of numbers to compare with; optional
  std::string objects;        // CLEVRER proposals to compare with; optional
  bool shows_static = false;  // drift of keypoints that do not move
};
int detect(const DetectOptions& options);

struct EvaluateOptions {
  std::string run;  // run directory of `mint clone`
  std::vector<std::string> variants = {"Demo", "TestJitter"};
  int episodes = 25;
  uint64_t seed = 0;
  int videos = 1;  // best and worst episodes filmed, each
  std::string plan = "chosen";
  int environments = 0;  // at once; 0: all episodes
};
int evaluate(const EvaluateOptions& options);

struct QuickstartOptions {
  ConfigArguments config;
  std::string output;  // run directory; runs/quickstart, -2, -3 … when empty
  std::string demos;   // folder of original MAGICAL demonstrations; experts record when empty
};
int quickstart(const QuickstartOptions& options);

struct StudyOptions {
  std::string name;    // of study_names()
  std::string preset;  // "quick", "full", "paper"; "": quick, unless a file is given
  ConfigArguments config;
};
int study(const StudyOptions& options);

int doctor();

}  // namespace mint::training
