#include "tests/support/virtual_display.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace mint::tests {
namespace {

// The rest of a pipe's first line.
std::string read_line(int descriptor) {
  std::string line;
  for (char c = 0; ::read(descriptor, &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

}  // namespace

bool VirtualDisplay::is_available() {
  return std::system("command -v Xvfb >/dev/null && command -v xdotool >/dev/null") == 0;
}

// Xvfb takes the first free display and writes its number when it is ready.
VirtualDisplay::VirtualDisplay() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("VirtualDisplay: no pipe");
  process_ = fork();
  if (process_ < 0) throw std::runtime_error("VirtualDisplay: no process");
  if (process_ == 0) {
    constexpr int kNumber = 3;
    if (::dup2(ends[1], kNumber) < 0) _exit(127);
    if (ends[1] == kNumber) ::fcntl(kNumber, F_SETFD, 0);
    const int nowhere = ::open("/dev/null", O_RDWR);
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
      ::dup2(nowhere, descriptor);
    }
    execlp("Xvfb", "Xvfb", "-displayfd", "3", "-screen", "0", "1600x900x24", "-nolisten", "tcp",
           static_cast<char*>(nullptr));
    _exit(127);
  }
  ::close(ends[1]);
  const std::string number = read_line(ends[0]);
  ::close(ends[0]);
  if (number.empty()) {
    ::waitpid(process_, nullptr, 0);
    throw std::runtime_error("VirtualDisplay: Xvfb does not start");
  }
  display_ = ":" + number;
}

VirtualDisplay::~VirtualDisplay() {
  ::kill(process_, SIGTERM);
  ::waitpid(process_, nullptr, 0);
}

std::vector<std::string> VirtualDisplay::variables() const {
  // X11's drivers and D-Bus, which SDL loads and unloads, leave memory behind that no suppression
  // can name: under the address sanitizer leaks are looked for in all other programs.
  return {"DISPLAY=" + display_, "SDL_VIDEODRIVER=x11", "ASAN_OPTIONS=detect_leaks=0"};
}

bool VirtualDisplay::act(const std::string& commands) const {
  const std::string line = "DISPLAY=" + display_ + " xdotool " + commands + " >/dev/null 2>&1";
  return std::system(line.c_str()) == 0;
}

bool VirtualDisplay::wait_for_window(const std::string& title) const {
  for (int i = 0; i < 200; ++i) {
    if (act("search --onlyvisible --name '" + title + "' windowfocus --sync")) return true;
    ::usleep(100000);
  }
  return false;
}

}  // namespace mint::tests
