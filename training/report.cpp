#include "training/report.h"

#include <algorithm>
#include <cstdio>

#include "training/base64.h"

namespace mint::training {
namespace {

constexpr const char* kStyle = R"(
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5d6b7a; --line: #dfe4ea;
  --page: #f6f8fa; --card: #ffffff; --accent: #0072b2; --bar: #0072b233; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e9ef; --soft: #9aa8b7; --line: #313b47;
  --page: #12171d; --card: #1a2129; --accent: #56b4e9; --bar: #56b4e944; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 19px; margin: 0 0 14px; }
.subtitle { color: var(--soft); margin: 0 0 28px; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: 20px 22px; margin: 0 0 18px; overflow-x: auto; }
section > * + * { margin-top: 16px; }
p { margin: 0; max-width: 75ch; }
dl { display: flex; flex-wrap: wrap; gap: 12px 36px; margin: 0; }
dt { color: var(--soft); font-size: 13px; }
dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; font-size: 15px; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: 13px; }
th, td { padding: 7px 18px 7px 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
tr:last-child td { border-bottom: 0; }
td.score { font-weight: 600; }
.bar { display: inline-block; width: 120px; height: 10px; border-radius: 5px; margin-left: 10px;
  background: var(--bar); overflow: hidden; }
.bar i { display: block; height: 100%; background: var(--accent); }
svg { display: block; width: 100%; height: auto; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(430px, 100%), 1fr));
  gap: 18px 24px; }
.row { display: flex; flex-wrap: wrap; gap: 16px; }
figure { margin: 0; }
figure img, figure video { display: block; width: 100%; border-radius: 6px;
  border: 1px solid var(--line); background: #fff; }
figcaption { color: var(--soft); font-size: 13px; margin-top: 5px; }
.pixelated { image-rendering: pixelated; }
summary { cursor: pointer; color: var(--accent); }
pre { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-x: auto;
  background: var(--page); border-radius: 6px; padding: 12px 14px; margin: 8px 0 0; }
)";

bool starts_with(const std::string& bytes, const std::string& prefix, size_t offset = 0) {
  return bytes.size() >= offset && bytes.compare(offset, prefix.size(), prefix) == 0;
}

std::string picture_type(const std::string& bytes) {
  if (starts_with(bytes, "\xff\xd8\xff")) return "image/jpeg";
  if (starts_with(bytes, "WEBP", 8)) return "image/webp";
  if (starts_with(bytes, "GIF8")) return "image/gif";
  return "image/png";
}

std::string video_type(const std::string& bytes) {
  return starts_with(bytes, "\x1a\x45\xdf\xa3") ? "video/webm" : "video/mp4";
}

std::string data_url(const std::string& type, const std::string& bytes) {
  return "data:" + type + ";base64," + base64(bytes);
}

std::string figure(const std::string& content, const std::string& caption, int width_px) {
  const std::string below =
      caption.empty() ? "" : "<figcaption>" + html_text(caption) + "</figcaption>";
  return "<figure style=\"width:" + std::to_string(width_px) + "px\">" + content + below +
         "</figure>\n";
}

std::string two_decimals(double value) {
  char text[40];
  std::snprintf(text, sizeof(text), "%.2f", value);
  return text;
}

std::string html(const Paragraph& item) {
  return "<p>" + html_text(item.text) + "</p>\n";
}

std::string html(const Facts& item) {
  std::string out = "<dl>\n";
  for (const auto& [name, value] : item.list)
    out += "<div><dt>" + html_text(name) + "</dt><dd>" + html_text(value) + "</dd></div>\n";
  return out + "</dl>\n";
}

std::string html(const Table& item) {
  std::string out = "<table>\n<tr>";
  for (const auto& cell : item.header) out += "<th>" + html_text(cell) + "</th>";
  out += "</tr>\n";
  for (const auto& row : item.rows) {
    out += "<tr>";
    for (const auto& cell : row) out += "<td>" + html_text(cell) + "</td>";
    out += "</tr>\n";
  }
  return out + "</table>\n";
}

std::string html(const Scores& item) {
  std::string out =
      "<table>\n<tr><th>trained on</th><th>scored on</th><th>mean score</th>"
      "<th>95 % interval</th><th>deviation</th></tr>\n";
  for (const auto& row : item.rows) {
    const double filled = 100 * std::clamp(row.mean_score, 0.0, 1.0);
    out += "<tr><td>" + html_text(row.demo_env) + "</td><td>" + html_text(row.test_env) +
           "</td><td class=\"score\">" + two_decimals(row.mean_score) +
           "<span class=\"bar\"><i style=\"width:" + two_decimals(filled) +
           "%\"></i></span></td><td>[" + two_decimals(row.ci95_lower) + ", " +
           two_decimals(row.ci95_upper) + "]</td><td>" + two_decimals(row.std_score) +
           "</td></tr>\n";
  }
  return out + "</table>\n";
}

std::string html(const Plot& item) {
  return svg_plot(item) + "\n";
}

std::string html(const Pictures& item) {
  std::string out = "<div class=\"row\">\n";
  for (const auto& picture : item.list) {
    const std::string style = picture.is_pixelated ? " class=\"pixelated\"" : "";
    out += figure("<img" + style + " alt=\"" + html_text(picture.caption) + "\" src=\"" +
                      data_url(picture_type(picture.bytes), picture.bytes) + "\">",
                  picture.caption, item.width_px);
  }
  return out + "</div>\n";
}

std::string html(const Videos& item) {
  std::string out = "<div class=\"row\">\n";
  for (const auto& video : item.list)
    out += figure("<video autoplay loop muted playsinline controls src=\"" +
                      data_url(video_type(video.bytes), video.bytes) + "\"></video>",
                  video.caption, item.width_px);
  return out + "</div>\n";
}

std::string html(const Details& item) {
  return "<details><summary>" + html_text(item.title) + "</summary><pre>" + html_text(item.text) +
         "</pre></details>\n";
}

}  // namespace

std::string report_html(const Report& report) {
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>" +
      html_text(report.title) + "</title>\n<style>" + kStyle +
      "</style>\n</head>\n<body>\n<main>\n<h1>" + html_text(report.title) +
      "</h1>\n<p class=\"subtitle\">" + html_text(report.subtitle) + "</p>\n";
  for (const auto& section : report.sections) {
    page += "<section>\n<h2>" + html_text(section.title) + "</h2>\n";
    bool is_among_plots = false;  // neighbouring plots share a grid
    for (const auto& item : section.items) {
      const bool is_plot = std::holds_alternative<Plot>(item);
      if (is_plot != is_among_plots) page += is_plot ? "<div class=\"plots\">\n" : "</div>\n";
      is_among_plots = is_plot;
      page += std::visit([](const auto& content) { return html(content); }, item);
    }
    if (is_among_plots) page += "</div>\n";
    page += "</section>\n";
  }
  return page + "</main>\n</body>\n</html>\n";
}

}  // namespace mint::training
