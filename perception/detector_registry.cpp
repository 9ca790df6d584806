#include "perception/detector_registry.h"

#include <functional>
#include <stdexcept>
#include <utility>

namespace mint::perception {
namespace {

using Maker = std::function<std::unique_ptr<Detector>(const DetectorConfig&, uint64_t seed)>;

const std::vector<std::pair<std::string, Maker>>& makers() {
  static const std::vector<std::pair<std::string, Maker>> table = {
      {"mint", [](const DetectorConfig& config,
                  uint64_t seed) { return std::make_unique<MintDetector>(config.mint, seed); }},
      {"transporter",
       [](const DetectorConfig& config, uint64_t seed) {
         return std::make_unique<TransporterDetector>(config.transporter, seed);
       }},
      {"video_structure",
       [](const DetectorConfig& config, uint64_t seed) {
         return std::make_unique<VideoStructureDetector>(config.video_structure, seed);
       }},
  };
  return table;
}

}  // namespace

std::unique_ptr<Detector> make_detector(const std::string& name, const DetectorConfig& config,
                                        uint64_t seed) {
  std::string known;
  for (const auto& [known_name, make] : makers()) {
    if (known_name == name) return make(config, seed);
    known += (known.empty() ? "" : ", ") + known_name;
  }
  throw std::invalid_argument("make_detector: name: expected one of " + known + ", got \"" + name +
                              "\"");
}

std::vector<std::string> detector_names() {
  std::vector<std::string> names;
  for (const auto& [name, make] : makers()) names.push_back(name);
  return names;
}

}  // namespace mint::perception
