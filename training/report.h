// report.html: one self-contained page with what a run found. Nothing is fetched from elsewhere:
// style, plots, pictures and videos are inside the file.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "training/score_table.h"
#include "training/svg_plot.h"

namespace mint::training {

struct Paragraph {
  std::string text;
};

// Short facts, a name and a value each: seed, steps, time.
struct Facts {
  std::vector<std::pair<std::string, std::string>> list;
};

struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

// PNG, JPEG or WebP bytes; several stand side by side with one caption each.
struct Picture {
  std::string bytes;
  std::string caption;
  bool is_pixelated = false;  // keep pixels visible when enlarged
};
struct Pictures {
  std::vector<Picture> list;
  int width_px = 220;  // of one on the page
};

// MP4 (H.264) or WebM bytes; plays muted in a loop.
struct Video {
  std::string bytes;
  std::string caption;
};
struct Videos {
  std::vector<Video> list;
  int width_px = 260;
};

// Long text as it is, folded away behind its title.
struct Details {
  std::string title;
  std::string text;
};

struct Scores {
  std::vector<ScoreRow> rows;
};

using ReportItem = std::variant<Paragraph, Facts, Table, Scores, Plot, Pictures, Videos, Details>;

struct ReportSection {
  std::string title;
  std::vector<ReportItem> items;
};

struct Report {
  std::string title;
  std::string subtitle;
  std::vector<ReportSection> sections;
};

// The page. The same report gives the same bytes; all texts are escaped.
std::string report_html(const Report& report);

}  // namespace mint::training
