#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "training/atomic_file.h"
#include "training/checkpoint_manifest.h"
#include "training/inspect.h"
#include "training/run_directory.h"
#include "training/safetensors.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// Buffers of batch normalisation follow the data; everything else of floating type is learnt.
bool is_statistic(const NamedArray& array) {
  return ends_with(array.name, "running_mean") || ends_with(array.name, "running_var") ||
         array.dtype[0] != 'F';
}

int64_t element_count(const NamedArray& array) {
  return static_cast<int64_t>(array.bytes.size()) / dtype_size(array.dtype);
}

std::string weights_text(const std::string& bytes, const std::string& file) {
  const auto arrays = read_safetensors(bytes, file);
  std::vector<std::vector<std::string>> rows = {{"tensor", "type", "shape", "elements"}};
  int64_t parameters = 0;
  int64_t statistics = 0;
  std::map<std::string, const NamedArray*> by_name;
  for (const auto& array : arrays) by_name[array.name] = &array;
  for (const auto& [name, array] : by_name) {
    (is_statistic(*array) ? statistics : parameters) += element_count(*array);
    std::string shape;
    for (const int64_t dim : array->shape)
      shape += (shape.empty() ? "" : "x") + std::to_string(dim);
    rows.push_back({name, array->dtype, shape.empty() ? "scalar" : shape,
                    std::to_string(element_count(*array))});
  }
  return aligned(rows, {false, false, false, true}) + "parameters: " + std::to_string(parameters) +
         " (and " + std::to_string(statistics) + " values of statistics and counters)\n";
}

std::string indented(const std::string& text) {
  std::string result;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    result += "  " + text.substr(start, end - start) + "\n";
    start = end + 1;
  }
  return result;
}

std::string step_text(const std::string& state) {
  const auto json = nlohmann::json::parse(state, nullptr, /*allow_exceptions=*/false);
  return json.is_object() && json.contains("step") ? json["step"].dump() : "unknown";
}

std::string metrics_text(const fs::path& file) {
  const auto lines = read_metrics(file);
  if (lines.empty()) return "metrics: none\n";
  std::string text = "metrics: " + std::to_string(lines.size()) + " lines, the last at step " +
                     std::to_string(lines.back().step) + ":\n";
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, value] : lines.back().values)
    rows.push_back({name, std::to_string(value)});
  return text + aligned(rows, {false, true});
}

// The names in a folder, sorted; numbers by value.
std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  if (!fs::is_directory(folder)) return names;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().filename().string()[0] != '.')
      names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end(), [](const auto& a, const auto& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  return names;
}

}  // namespace

Inspection inspect_weights(const fs::path& file) {
  return {file.string() + ": weights\n\n" + weights_text(read_file(file), file.string()), {}};
}

Inspection inspect_checkpoint(const fs::path& folder) {
  Inspection inspection;
  inspection.text = folder.string() + ": checkpoint";
  try {
    const auto files = read_verified_files(folder);
    const auto text_of = [&](const char* name) {
      const auto found = files.find(name);
      return found == files.end() ? std::string() : found->second;
    };
    inspection.text += " at step " + step_text(text_of("training_state.json")) + "\n\n";
    std::vector<std::vector<std::string>> rows = {{"file", "bytes"}};
    for (const auto& [name, bytes] : files) rows.push_back({name, std::to_string(bytes.size())});
    inspection.text += aligned(rows, {false, true}) + "\n";
    inspection.text +=
        weights_text(text_of("model.safetensors"), (folder / "model.safetensors").string());
    inspection.text += "\nconfig.yaml:\n" + indented(text_of("config.yaml"));
    inspection.text += "All files agree with the manifest.\n";
  } catch (const std::runtime_error& error) {
    inspection.text += "\n";
    inspection.damage.push_back(error.what());
  }
  return inspection;
}

Inspection inspect_run(const fs::path& folder) {
  Inspection inspection;
  inspection.text = folder.string() + ": run\n";
  const auto list = [&](const char* what, const fs::path& place) {
    std::string line;
    for (const auto& name : names_in(place)) line += " " + name;
    if (!line.empty()) inspection.text += std::string(what) + ":" + line + "\n";
  };
  list("holds", folder);
  list("checkpoints", folder / "checkpoints");
  list("videos", folder / "videos");
  list("pictures", folder / "pictures");
  try {
    inspection.text += metrics_text(folder / "metrics.jsonl");
  } catch (const std::runtime_error& error) {
    inspection.damage.push_back(error.what());
  }
  if (fs::exists(folder / "last/manifest.json")) {
    const Inspection last = inspect_checkpoint(folder / "last");
    inspection.text += "\n" + last.text;
    inspection.damage.insert(inspection.damage.end(), last.damage.begin(), last.damage.end());
  } else {
    inspection.text += "No checkpoint.\n\nconfig.yaml:\n";
    inspection.text += indented(read_file(folder / "config.yaml"));
  }
  return inspection;
}

}  // namespace mint::training
