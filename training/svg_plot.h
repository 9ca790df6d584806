// Line plots as inline SVG for reports: axes, round ticks, grid, legend. No gnuplot needed.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace mint::training {

struct Series {
  std::string name;
  std::vector<std::pair<double, double>> points;  // x ascending; points that are not finite break
                                                  // the line
};

struct Plot {
  std::string title;
  std::string x_label;
  std::string y_label;
  std::vector<Series> series;     // at most eight are told apart by colour
  bool is_y_logarithmic = false;  // values <= 0 are left out
  int width_px = 560;
  int height_px = 320;
};

// An <svg> element that scales with the page and follows its light or dark colours through
// `currentColor`. A plot without a finite point says so.
std::string svg_plot(const Plot& plot);

// The same as a file of its own: black on white, `width_px` wide.
std::string svg_file(const Plot& plot);

// Round numbers (1, 2 or 5 times a power of ten apart), about `count` of them, inside [low, high].
std::vector<double> round_ticks(double low, double high, int count);

// The tick as people write it: "0.02", "1500", "1e-6".
std::string tick_text(double value);

// Text safe inside HTML and attributes.
std::string html_text(const std::string& text);

}  // namespace mint::training
