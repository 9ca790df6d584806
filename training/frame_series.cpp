#include "training/frame_series.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "training/atomic_file.h"

namespace mint::training {
namespace {

using nlohmann::json;

bool is_series(const json& value) {
  return value.is_array() && !value.empty() &&
         std::all_of(value.begin(), value.end(),
                     [](const json& item) { return item.is_number() || item.is_null(); });
}

FrameSeries to_series(const std::string& name, const json& list) {
  FrameSeries series{name, {}};
  for (const json& item : list) {
    series.values.push_back(item.is_null() ? std::nan("") : item.get<double>());
  }
  return series;
}

}  // namespace

std::vector<FrameSeries> read_frame_series(const std::string& file) {
  const json document = json::parse(read_file(file), nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded()) {
    throw std::runtime_error(file + ": expected a JSON file, got something else");
  }
  std::vector<FrameSeries> found;
  if (is_series(document)) found.push_back(to_series("activity", document));
  if (document.is_object()) {
    for (const auto& [name, value] : document.items()) {
      if (is_series(value)) found.push_back(to_series(name, value));
    }
  }
  if (found.empty()) {
    throw std::runtime_error(file + ": expected a list of numbers, one a frame, got none");
  }
  return found;
}

FrameSeries visible_objects(const std::vector<perception::FrameObjects>& objects) {
  FrameSeries series{"visible objects", {}};
  for (const perception::FrameObjects& frame : objects) {
    const auto is_visible = [](const perception::ObjectMask& object) {
      return object.mask.area() > 0;
    };
    series.values.push_back(
        static_cast<double>(std::count_if(frame.begin(), frame.end(), is_visible)));
  }
  return series;
}

std::vector<double> values_at(const FrameSeries& series, const std::vector<int64_t>& frames) {
  std::vector<double> values;
  for (const int64_t frame : frames) {
    if (frame < 0 || frame >= static_cast<int64_t>(series.values.size())) {
      throw std::runtime_error(series.name + ": expected a value for frame " +
                               std::to_string(frame) + ", got " +
                               std::to_string(series.values.size()) + " values");
    }
    values.push_back(series.values[static_cast<size_t>(frame)]);
  }
  return values;
}

}  // namespace mint::training
