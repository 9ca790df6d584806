#include "tests/support/program.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

namespace mint::tests {
namespace {

void redirect(const std::string& file, int descriptor) {
  const int opened = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (opened < 0 || ::dup2(opened, descriptor) < 0) _exit(127);
}

int start(const std::vector<std::string>& arguments, const std::vector<std::string>& variables,
          const std::string& out, const std::string& err) {
  const char* program = std::getenv("MINT_PROGRAM");
  if (!program || ::access(program, X_OK) != 0) {
    throw std::runtime_error(std::string("MINT_PROGRAM: expected the program, got ") +
                             (program ? program : "nothing"));
  }
  std::vector<std::string> words = arguments;
  words.insert(words.begin(), program);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  const pid_t child = fork();
  if (child != 0) return child;
  for (const std::string& variable : variables) {
    const size_t equals = variable.find('=');
    if (equals == std::string::npos) {
      unsetenv(variable.c_str());
    } else {
      setenv(variable.substr(0, equals).c_str(), variable.c_str() + equals + 1, 1);
    }
  }
  redirect(out, STDOUT_FILENO);
  redirect(err, STDERR_FILENO);
  execv(program, argv.data());
  _exit(127);
}

}  // namespace

ProgramResult run_mint(const std::vector<std::string>& arguments,
                       const std::vector<std::string>& variables) {
  const TemporaryFolder folder;
  const auto out = folder.path() / "out", err = folder.path() / "err";
  ProgramResult result;
  result.exit_code = wait_for(start(arguments, variables, out.string(), err.string()));
  result.out = read_file(out);
  result.err = read_file(err);
  return result;
}

int start_mint(const std::vector<std::string>& arguments, const std::vector<std::string>& variables,
               const std::string& out) {
  return start(arguments, variables, out, "/dev/null");
}

int wait_for(int process) {
  int status = 0;
  if (::waitpid(process, &status, 0) != process) throw std::runtime_error("waitpid: failed");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace mint::tests
