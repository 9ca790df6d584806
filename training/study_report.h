// What every study leaves in its folder: config.yaml, table.txt, scores.csv and report.html.
#pragma once

#include <filesystem>
#include <string>

#include "training/report.h"
#include "training/study_cell.h"

namespace mint::training {

struct StudyTexts {
  std::string config;  // the resolved configuration
  std::string tables;  // as printed
  std::string csv;     // every number that they are made of
};

// Creates the folder and writes the first three files. What else a study leaves comes later and may
// fail.
void write_study_texts(const std::filesystem::path& folder, const StudyTexts& texts);

// Adds a last section, which says how, and writes the page.
void write_study_report(const std::filesystem::path& folder, const std::string& config,
                        Report report);

// The subtitle of a study over videos: what they are and how many.
std::string videos_subtitle(const StudyConfig& config, const StudyTests& tests);

// A method's name as that of a file: "Video Structure" gives "Video_Structure".
std::string file_stem(const std::string& method);

}  // namespace mint::training
