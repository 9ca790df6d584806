// What every study leaves in its folder: config.yaml, table.txt, scores.csv and report.html.
#pragma once

#include <filesystem>
#include <string>

#include "training/report.h"
#include "training/study_cell.h"

namespace mint::training {

struct StudyReport {
  std::string config;  // the resolved configuration
  std::string tables;  // as printed
  std::string csv;     // every number that they are made of
  Report report;       // without its last section, which says how
};

// Creates the folder and writes the four files.
void write_study_report(const std::filesystem::path& folder, const StudyReport& study);

// The subtitle of a study over videos: what they are and how many.
std::string videos_subtitle(const StudyConfig& config, const StudyTests& tests);

// A method's name as that of a file: "Video Structure" gives "Video_Structure".
std::string file_stem(const std::string& method);

}  // namespace mint::training
