#include "training/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <utility>

namespace mint::training {
namespace {

constexpr double kRedraw_s = 0.1;  // on a terminal
constexpr double kLine_s = 60;     // elsewhere
constexpr int kBarColumns = 20;
constexpr const char* kClearLine = "\r\x1b[K";

double steady_seconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

}  // namespace

std::string duration_text(double seconds) {
  const auto whole = static_cast<long long>(std::llround(std::max(0.0, seconds)));
  char text[40];
  if (whole >= 3600)
    std::snprintf(text, sizeof(text), "%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60,
                  whole % 60);
  else
    std::snprintf(text, sizeof(text), "%lld:%02lld", whole / 60, whole % 60);
  return text;
}

ProgressOutput standard_progress_output() {
  ProgressOutput output;
  output.stream = &std::cerr;
  output.is_terminal = ::isatty(STDERR_FILENO) == 1;
  winsize size{};
  if (output.is_terminal && ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    output.width = size.ws_col;
  output.clock_s = steady_seconds;
  return output;
}

Progress::Progress(std::string label, int64_t total, std::string unit, ProgressOutput output)
    : label_(std::move(label)), total_(total), unit_(std::move(unit)), output_(std::move(output)) {
  if (!output_.stream) output_.stream = &std::cerr;
  if (!output_.clock_s) output_.clock_s = steady_seconds;
  start_s_ = output_.clock_s();
  last_drawn_s_ = start_s_;
  const std::string start =
      total_ > 0 ? label_ + ": " + std::to_string(total_) + " " + unit_ : label_ + ": started";
  draw(output_.is_terminal ? bar_line(0) : start, !output_.is_terminal);
}

Progress::~Progress() {
  if (is_finished_) return;
  draw(
      label_ + ": stopped at " + counts() + " after " + duration_text(output_.clock_s() - start_s_),
      true);
}

void Progress::update(int64_t done, const std::string& note) {
  if (first_done_ < 0) first_done_ = std::max<int64_t>(0, done - 1);
  done_ = done;
  note_ = note;
  const double now_s = output_.clock_s();
  if (now_s - last_drawn_s_ < (output_.is_terminal ? kRedraw_s : kLine_s)) return;
  last_drawn_s_ = now_s;
  draw(bar_line(now_s - start_s_), !output_.is_terminal);
}

void Progress::finish(const std::string& note) {
  if (is_finished_) return;
  is_finished_ = true;
  const std::string& last_note = note.empty() ? note_ : note;
  draw(label_ + ": " + counts() + " in " + duration_text(output_.clock_s() - start_s_) +
           (last_note.empty() ? "" : "  " + last_note),
       true);
}

void Progress::draw(const std::string& line, bool is_last) {
  if (!output_.is_terminal) {
    *output_.stream << line << std::endl;
    return;
  }
  // A bar that wraps could not be redrawn; the last line may.
  const auto columns = static_cast<size_t>(std::max(20, output_.width - 1));
  *output_.stream << kClearLine << (is_last ? line : line.substr(0, columns))
                  << (is_last ? "\n" : "") << std::flush;
}

std::string Progress::counts() const {
  const std::string of_total = total_ > 0 ? "/" + std::to_string(total_) : "";
  return std::to_string(done_) + of_total + " " + unit_;
}

std::string Progress::bar_line(double elapsed_s) const {
  std::string line = label_;
  if (total_ > 0) {
    const double fraction =
        std::clamp(static_cast<double>(done_) / static_cast<double>(total_), 0.0, 1.0);
    const int filled = static_cast<int>(fraction * kBarColumns);
    if (output_.is_terminal) {
      const bool has_head = filled < kBarColumns;
      line += " [" + std::string(static_cast<size_t>(filled), '=') + (has_head ? ">" : "") +
              std::string(static_cast<size_t>(has_head ? kBarColumns - filled - 1 : 0), ' ') + "]";
    }
    char percent[16];
    std::snprintf(percent, sizeof(percent), " %3d %%", static_cast<int>(100 * fraction));
    line += percent;
  }
  line += "  " + counts();
  const int64_t progressed = done_ - std::max<int64_t>(0, first_done_);
  if (total_ > 0 && progressed > 0) {
    const double per_unit_s = elapsed_s / static_cast<double>(progressed);
    const auto left = static_cast<double>(std::max<int64_t>(0, total_ - done_));
    line += "  " + duration_text(per_unit_s * left) + " left";
  }
  return note_.empty() ? line : line + "  " + note_;
}

}  // namespace mint::training
