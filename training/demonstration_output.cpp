#include "training/demonstration_output.h"

#include <cstdio>
#include <stdexcept>

#include "training/atomic_file.h"

namespace mint::training {
namespace {

std::string size_text(uintmax_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f MB", static_cast<double>(bytes) / 1e6);
  return text;
}

}  // namespace

DemonstrationOutput::DemonstrationOutput(const std::string& file)
    : file_(file), partial_(file + ".partial") {
  std::error_code missing;  // creating the file says what is wrong with its folder
  if (std::filesystem::exists(std::filesystem::symlink_status(file_, missing)))
    throw std::runtime_error(file + ": file: expected a new file, got an existing one");
  std::filesystem::remove(partial_, missing);
  writer_.emplace(partial_.string());
}

DemonstrationOutput::~DemonstrationOutput() {
  if (!writer_) return;
  writer_.reset();
  std::error_code ignored;
  std::filesystem::remove(partial_, ignored);
}

void DemonstrationOutput::require_no_partial(const std::string& file) {
  const std::string partial = file + ".partial";
  if (!std::filesystem::exists(partial)) return;
  size_t episodes = 0;
  try {
    episodes = list_demonstrations(partial).size();
  } catch (const std::runtime_error& error) {  // one damaged episode is enough, or a running writer
    throw std::runtime_error(std::string(error.what()) +
                             "; rename or remove it unless another recording is writing it");
  }
  if (episodes > 0) {
    throw std::runtime_error(partial +
                             ": file: expected none, got the episodes of a killed "
                             "recording (" +
                             std::to_string(episodes) + "); rename it to keep them");
  }
}

void DemonstrationOutput::add(const Episode& episode) {
  try {
    writer_->add(episode);
  } catch (const std::runtime_error&) {
    writer_.reset();  // its message says that the episodes so far are kept: they are
    throw;
  }
  ++episodes_;
  samples_ += episode.length();
}

std::string DemonstrationOutput::finish() {
  close();
  sync_file(partial_);
  std::error_code error;
  std::filesystem::rename(partial_, file_, error);
  if (error)
    throw std::runtime_error(file_.string() + ": file: cannot be written: " + error.message() +
                             "; the episodes are in " + partial_.string());
  sync_folder_of(file_);
  return summary(file_);
}

std::string DemonstrationOutput::keep_partial() {
  if (episodes_ == 0) return "interrupted before the first episode";
  if (writer_) close();  // a failed add() is done with it
  return "interrupted; kept " + summary(partial_);
}

// The episodes are whole on disk before this: whatever fails from here on, they stay.
void DemonstrationOutput::close() {
  try {
    writer_->close();
  } catch (...) {
    writer_.reset();
    throw;
  }
  writer_.reset();
}

std::string DemonstrationOutput::summary(const std::filesystem::path& file) const {
  return file.string() + ": " + std::to_string(episodes_) + " episodes, " +
         std::to_string(samples_) + " samples, " + size_text(std::filesystem::file_size(file));
}

}  // namespace mint::training
