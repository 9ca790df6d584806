// How far a loop is, on stderr: a bar with the time left on a terminal, one line a minute in a
// file or pipe, plus a first and a last line.
//
//   pretrain [=========>          ]  46 %  370/800 steps  1:12 left  loss 0.0312
//
// Several may be open in one process, also nested: on a terminal the one updated last owns the
// bar's line. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

namespace mint::training {

// Where progress goes and what time it is; tests replace both.
struct ProgressOutput {
  std::ostream* stream = nullptr;   // stderr when null
  bool is_terminal = false;         // bar or lines
  int width = 100;                  // columns of the terminal
  std::function<double()> clock_s;  // seconds since any moment; never goes back
};

// stderr as it is now.
ProgressOutput standard_progress_output();

class Progress {
 public:
  // `unit` is what is counted: "steps", "episodes". A total of 0 means unknown.
  Progress(std::string label, int64_t total, std::string unit,
           ProgressOutput output = standard_progress_output());
  // Ends the line as interrupted when finish() was not called.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `done` of the total; `note` is a few words such as the loss. Cheap: draws at most 10 times a
  // second.
  void update(int64_t done, const std::string& note = "");

  // Says what was done and how long it took.
  void finish(const std::string& note = "");

 private:
  void draw(const std::string& line, bool is_last);
  std::string counts() const;
  std::string bar_line(double elapsed_s) const;

  std::string label_;
  int64_t total_;
  std::string unit_;
  ProgressOutput output_;
  double start_s_;
  double last_drawn_s_;
  int64_t done_ = 0;
  int64_t first_done_ = -1;  // where a resumed loop began; the rate counts from there
  std::string note_;
  bool is_finished_ = false;
};

// "0:07", "12:34", "1:02:03".
std::string duration_text(double seconds);

}  // namespace mint::training
