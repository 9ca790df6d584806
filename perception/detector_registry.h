// Detectors by name, for configuration files and checkpoints. A new detector adds its settings to
// DetectorConfig and one line to the table in the .cpp.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "perception/detector.h"
#include "perception/mint_detector.h"
#include "perception/transporter_detector.h"
#include "perception/video_structure_detector.h"

namespace mint::perception {

struct DetectorConfig {
  MintConfig mint;
  TransporterConfig transporter;
  VideoStructureConfig video_structure;
};

// Throws std::invalid_argument for an unknown name. `seed` draws the initial weights.
std::unique_ptr<Detector> make_detector(const std::string& name, const DetectorConfig& config,
                                        uint64_t seed);

std::vector<std::string> detector_names();

}  // namespace mint::perception
