#include "training/study_report.h"

#include <regex>

#include "training/atomic_file.h"
#include "training/environment_report.h"

namespace mint::training {

void write_study_texts(const std::filesystem::path& folder, const StudyTexts& texts) {
  std::filesystem::create_directories(folder);
  write_file_atomically(folder / "config.yaml", texts.config);
  write_file_atomically(folder / "table.txt", texts.tables);
  write_file_atomically(folder / "scores.csv", texts.csv);
}

void write_study_report(const std::filesystem::path& folder, const std::string& config,
                        Report report) {
  report.sections.push_back(
      {"How", {Details{"Configuration", config}, Details{"Environment", environment_text()}}});
  write_file_atomically(folder / "report.html", report_html(report));
}

std::string videos_subtitle(const StudyConfig& config, const StudyTests& tests) {
  return (config.data.size() == 1 ? config.data.front() : "") + ", " +
         std::to_string(config.train_videos) + " training and " + std::to_string(tests.count) +
         " test videos";
}

std::string file_stem(const std::string& method) {
  return std::regex_replace(method, std::regex("[^A-Za-z]+"), "_");
}

}  // namespace mint::training
