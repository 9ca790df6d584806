// The subcommands of `mint`: what each is told and the function that does it. The command line is
// parsed in training/command_line.cpp; each command is one file here. A command returns its exit
// code or throws; messages are printed once, by the caller.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mint::training {

// A YAML file (may be empty) and `key=value` overrides, as given.
struct ConfigArguments {
  std::string file;
  std::vector<std::string> overrides;
};

struct RecordOptions {
  std::string task;  // "MoveToCorner"
  std::string variant = "Demo";
  int episodes = 24;
  std::string by = "expert";
  double noise = 0.1;  // probability that a step executes another action
  uint64_t seed = 0;
  std::string output;  // a new .hdf5 file
};
int record(const RecordOptions& options);

struct ImportMagicalOptions {
  std::vector<std::string> sources;  // files or folders
  std::string output;                // a new .hdf5 file
};
int import_magical(const ImportMagicalOptions& options);

struct PlayOptions {
  std::string what;  // a task, a demonstration file, or the run of a policy
  std::string task;  // of a demonstration file with several tasks
  std::string variant = "Demo";
  std::string episode;   // of a demonstration file, "demo_0" when empty
  std::string detector;  // run whose keypoints are drawn over the frames; optional
  uint64_t seed = 0;
  double steps_per_second = 8;  // real time of the environments
  int episodes = 0;             // stop after so many; 0: until Escape
  std::string screenshot;       // PNG of the last frame shown, for checking; optional
};
int play(const PlayOptions& options);

int pretrain(const ConfigArguments& arguments);
int clone(const ConfigArguments& arguments);

struct EvaluateOptions {
  std::string run;  // run directory of `mint clone`
  std::vector<std::string> variants = {"Demo", "TestJitter"};
  int episodes = 25;
  uint64_t seed = 0;
  int videos = 1;  // best and worst episodes filmed, each
};
int evaluate(const EvaluateOptions& options);

struct QuickstartOptions {
  ConfigArguments config;
  std::string output;  // run directory; runs/quickstart, -2, -3 … when empty
  std::string demos;   // folder of original MAGICAL demonstrations; experts record when empty
};
int quickstart(const QuickstartOptions& options);

int doctor();

}  // namespace mint::training
