// `mint <command> [config.yaml] [key=value …] [--flags]`: parses the arguments and runs the
// command.
#pragma once

namespace mint::training {

// Returns the exit code: 0 success, 1 failed, 2 wrong usage or configuration, 130 interrupted after
// saving. Prints one line to stderr on failure.
int run_command_line(int argc, char** argv);

}  // namespace mint::training
