#include "training/run_directory.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <sstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "training/atomic_file.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;

constexpr const char* kConfig = "config.yaml";
constexpr const char* kMetrics = "metrics.jsonl";
constexpr const char* kTimings = "timings.jsonl";

void create_folder(const fs::path& folder) {
  std::error_code error;
  const bool is_new = fs::create_directories(folder, error);
  if (error) throw std::runtime_error(folder.string() + ": cannot be created: " + error.message());
  if (is_new) sync_folder_of(folder);
}

// JSON has no infinity and no undefined number; Python's spelling, which most readers know.
std::string number_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  char buffer[40];
  return {buffer, std::to_chars(buffer, buffer + sizeof(buffer), value).ptr};
}

std::string line_text(int64_t step, const NamedValues& values) {
  std::string line = "{\"step\": " + std::to_string(step);
  for (const auto& [name, value] : values)
    line += ", " + nlohmann::json(name).dump() + ": " + number_text(value);
  return line + "}\n";
}

void append(const fs::path& file, const std::string& line) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  bool is_written = descriptor >= 0;
  for (size_t done = 0; is_written && done < line.size();) {
    const ssize_t count = ::write(descriptor, line.data() + done, line.size() - done);
    is_written = count >= 0 || errno == EINTR;
    done += count > 0 ? static_cast<size_t>(count) : 0;
  }
  const int reason = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!is_written)
    throw std::runtime_error(file.string() + ": cannot be written: " + std::strerror(reason));
}

// Reads the three spellings that JSON lacks, outside of quotes.
std::string with_json_numbers(const std::string& line) {
  std::string result;
  bool is_quoted = false;
  for (size_t i = 0; i < line.size();) {
    if (line[i] == '"' && (i == 0 || line[i - 1] != '\\')) is_quoted = !is_quoted;
    const auto is_here = [&](const char* word) {
      return !is_quoted && line.compare(i, std::strlen(word), word) == 0;
    };
    if (is_here("-Infinity")) {
      result += "\"-inf\"";
      i += 9;
    } else if (is_here("Infinity")) {
      result += "\"inf\"";
      i += 8;
    } else if (is_here("NaN")) {
      result += "\"nan\"";
      i += 3;
    } else {
      result += line[i++];
    }
  }
  return result;
}

double number_of(const nlohmann::ordered_json& value) {
  if (!value.is_string()) return value.get<double>();
  const std::string text = value.get<std::string>();
  if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  return text == "inf" ? infinity : -infinity;
}

MetricsLine parse_line(const std::string& text, const std::string& where) {
  try {
    const auto json = nlohmann::ordered_json::parse(with_json_numbers(text));
    MetricsLine line;
    line.step = json.at("step").get<int64_t>();
    for (const auto& [name, value] : json.items())
      if (name != "step") line.values.emplace_back(name, number_of(value));
    return line;
  } catch (const nlohmann::json::exception&) {
    throw std::runtime_error(where +
                             ": line: expected {\"step\": N, \"name\": value, ...}, got \"" +
                             text.substr(0, 60) + "\"");
  }
}

// The complete lines of a file; a line without its end was cut off by a crash.
std::vector<std::string> complete_lines(const fs::path& file) {
  std::vector<std::string> lines;
  if (!fs::exists(file)) return lines;
  const std::string text = read_file(file);
  size_t start = 0;
  for (size_t end; (end = text.find('\n', start)) != std::string::npos; start = end + 1)
    lines.push_back(text.substr(start, end - start));
  return lines;
}

std::string where(const fs::path& file, size_t index) {
  return file.string() + ":" + std::to_string(index + 1);
}

// Cuts off the line in whose middle a crash came.
void drop_cut_line(const fs::path& file) {
  if (!fs::exists(file)) return;
  std::string kept;
  for (const std::string& line : complete_lines(file)) kept += line + "\n";
  if (kept.size() != fs::file_size(file)) write_file_atomically(file, kept);
}

void require_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_directory(folder, error))
    throw std::runtime_error(folder.string() + ": run directory: expected a folder, got a file");
  create_folder(folder);
  if (::access(folder.c_str(), W_OK) != 0)
    throw std::runtime_error(folder.string() + ": cannot be written: " + std::strerror(errno));
}

// But for what a kill leaves of the first file of a run.
void require_empty(const fs::path& folder, Start start) {
  std::error_code error;
  const fs::directory_iterator entries(folder, error);
  if (error) throw std::runtime_error(folder.string() + ": cannot be read: " + error.message());
  for (const auto& entry : entries) {
    const std::string name = entry.path().filename().string();
    if (is_leftover(name, kConfig)) continue;
    const std::string hint = start == Start::kNew
                                 ? "; choose another, remove it, or go on with a run by --resume"
                                 : ", which is no run of ours";
    throw std::runtime_error(folder.string() +
                             ": run directory: expected an empty or new folder, got one with " +
                             name + hint);
  }
}

// What decides the result: without where it goes, how often it is saved and how fast it comes.
std::vector<std::string> deciding_lines(const std::string& config) {
  std::vector<std::string> lines;
  std::istringstream stream(config);
  for (std::string line; std::getline(stream, line);) {
    line.erase(0, std::min(line.find_first_not_of(' '), line.size()));
    const auto is_of = [&](const std::string& key) { return line.rfind(key + ":", 0) == 0; };
    if (is_of("output") || is_of("checkpoint_every") || is_of("threads")) continue;
    lines.push_back(line);
  }
  return lines;
}

void require_same_config(const fs::path& file, const std::string& config) {
  const auto kept = deciding_lines(read_file(file)), given = deciding_lines(config);
  for (size_t i = 0; i < std::max(kept.size(), given.size()); ++i) {
    const std::string was = i < kept.size() ? kept[i] : "";
    const std::string is = i < given.size() ? given[i] : "";
    if (was != is)
      throw OtherConfiguration(file.string() +
                               ": a resumed run keeps its configuration: expected \"" + was +
                               "\", got \"" + is + "\"");
  }
}

void note_other_environment(const fs::path& file, const std::string& environment) {
  if (read_file(file) != environment)
    std::fprintf(stderr,
                 "%s: not this machine and build; the result may differ from an uninterrupted "
                 "run's\n",
                 file.c_str());
}

}  // namespace

RunDirectory RunDirectory::open(const fs::path& folder, const std::string& config,
                                const std::string& environment, Start start) {
  require_folder(folder);
  const auto lock = std::make_shared<const FolderLock>(folder);
  const fs::path config_file = folder / kConfig, environment_file = folder / "environment.txt";
  const bool is_there = start == Start::kResume && fs::exists(config_file);
  if (is_there) {
    require_same_config(config_file, config);
    drop_cut_line(folder / kMetrics);
    drop_cut_line(folder / kTimings);
  } else {
    require_empty(folder, start);
    write_file_atomically(config_file, config);
  }
  for (const char* part : {"", "checkpoints", "rounds", "videos"}) remove_leftovers(folder / part);
  if (is_there && fs::exists(environment_file)) {
    note_other_environment(environment_file, environment);
  } else {
    write_file_atomically(environment_file, environment);
  }
  create_folder(folder / "checkpoints");
  return RunDirectory(folder, lock);
}

int64_t RunDirectory::metrics_bytes() const {
  const fs::path file = path_ / kMetrics;
  if (!fs::exists(file)) return 0;
  sync_file(file);
  sync_folder_of(file);  // it may be new
  return static_cast<int64_t>(fs::file_size(file));
}

void RunDirectory::cut_metrics(int64_t bytes) const {
  const fs::path file = path_ / kMetrics;
  const auto size = fs::exists(file) ? static_cast<int64_t>(fs::file_size(file)) : 0;
  if (size < bytes)
    throw std::runtime_error(file.string() + ": size: expected at least " + std::to_string(bytes) +
                             " bytes, which the checkpoint knows of, got " + std::to_string(size));
  if (size == bytes) return;
  if (bytes == 0) {
    fs::remove(file);
  } else {
    write_file_atomically(file, read_file(file).substr(0, static_cast<size_t>(bytes)));
  }
}

fs::path RunDirectory::picture(const std::string& name) const {
  create_folder(path_ / "pictures");
  return path_ / "pictures" / name;
}

fs::path RunDirectory::video(const std::string& name) const {
  create_folder(path_ / "videos");
  return path_ / "videos" / name;
}

void RunDirectory::log_metrics(int64_t step, const NamedValues& values) const {
  append(path_ / kMetrics, line_text(step, values));
}

void RunDirectory::log_timings(int64_t step, const NamedValues& values) const {
  append(path_ / kTimings, line_text(step, values));
}

std::vector<MetricsLine> read_metrics(const fs::path& file) {
  std::vector<MetricsLine> metrics;
  const auto lines = complete_lines(file);
  for (size_t i = 0; i < lines.size(); ++i) metrics.push_back(parse_line(lines[i], where(file, i)));
  return metrics;
}

}  // namespace mint::training
