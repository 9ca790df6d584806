// The words that each subcommand of `mint` takes. Every function fills `options` from the words
// and, once they are parsed, runs the command and puts its exit code into `exit_code`; both outlive
// the parsing. What is wrong with the words is thrown as CLI::ParseError or ConfigError.
#pragma once

#include "training/commands/commands.h"
#include "training/commands/inspect.h"

namespace CLI {
class App;
}

namespace mint::training {

void add_quickstart(CLI::App* command, QuickstartOptions& options, int& exit_code);
void add_record(CLI::App* command, RecordOptions& options, int& exit_code);
void add_import_magical(CLI::App* command, ImportMagicalOptions& options, int& exit_code);
void add_multiply(CLI::App* command, MultiplyOptions& options, int& exit_code);
void add_make_collisions(CLI::App* command, MakeCollisionsOptions& options, int& exit_code);
void add_inspect(CLI::App* command, InspectOptions& options, int& exit_code);
void add_play(CLI::App* command, PlayOptions& options, int& exit_code);
void add_pretrain(CLI::App* command, ConfigArguments& options, int& exit_code);
void add_clone(CLI::App* command, ConfigArguments& options, int& exit_code);
void add_fit_dynamics(CLI::App* command, ConfigArguments& options, int& exit_code);
void add_detect(CLI::App* command, DetectOptions& options, int& exit_code);
void add_imagine(CLI::App* command, ImagineOptions& options, int& exit_code);
void add_evaluate(CLI::App* command, EvaluateOptions& options, int& exit_code);
void add_study(CLI::App* command, StudyOptions& options, int& exit_code);

}  // namespace mint::training
