// Runs the real `mint` program, as a user would.
#pragma once

#include <string>
#include <vector>

namespace mint::tests {

struct ProgramResult {
  int exit_code = 0;  // 128 + the signal when one ended it
  std::string out;
  std::string err;
};

// Runs $MINT_PROGRAM, which CTest sets, with these arguments and, for this run only, these
// variables ("NAME=value", or "NAME" to unset). Throws std::runtime_error when it cannot be
// started.
ProgramResult run_mint(const std::vector<std::string>& arguments,
                       const std::vector<std::string>& variables = {});

// Starts the same in the background, its standard output into a file and its errors thrown away;
// returns its process id.
int start_mint(const std::vector<std::string>& arguments,
               const std::vector<std::string>& variables = {},
               const std::string& out = "/dev/null");
int wait_for(int process);  // its exit code as above

}  // namespace mint::tests

// Skips the current test when there is no program to run.
#define MINT_NEEDS_PROGRAM()                                                     \
  if (!getenv("MINT_PROGRAM")) {                                                 \
    GTEST_SKIP() << "MINT_PROGRAM is not set to the program; ctest does set it"; \
  }
