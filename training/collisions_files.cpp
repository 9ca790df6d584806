#include "training/collisions_files.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "perception/run_length_mask.h"

namespace mint::training {
namespace {

using Json = nlohmann::ordered_json;

// Short in the file; far below what physics means.
double rounded(double value) {
  return std::round(value * 1e6) / 1e6 + 0.0;
}

Json vector(double x, double y, double z) {
  return Json::array({rounded(x), rounded(y), rounded(z)});
}

void add_attributes(Json& json, const envs::Solid& solid) {
  json["color"] = name_of(solid.colour);
  json["material"] = name_of(solid.material);
  json["shape"] = name_of(solid.shape);
}

std::string video_name(int index) {
  return "video_" + clevrer_number(index) + ".mp4";
}

Json moving_solid(const envs::CollisionsConfig& config, const envs::Solid& solid,
                  const envs::SolidState& state, int id) {
  Json json;
  json["object_id"] = id;
  json["location"] = vector(state.pose.x, state.pose.y, height(solid) / 2);
  json["orientation"] = vector(0, 0, state.pose.angle);
  json["velocity"] = vector(state.vx, state.vy, 0);
  json["angular_velocity"] = vector(0, 0, state.spin);
  json["inside_camera_view"] = is_in_view(config.camera, solid, state.pose);
  return json;
}

// The mask of id 1, 2, ..., all in one pass over the columns.
std::vector<perception::RunLengthMask> visible_masks(const envs::InstanceImage& ids,
                                                     size_t solids) {
  std::vector<std::vector<int64_t>> counts(solids);
  std::vector<int64_t> ends(solids, 0);  // of what the counts cover
  const int64_t pixels = static_cast<int64_t>(ids.height) * ids.width;
  int64_t begin = 0;  // of the run of equal ids
  int id = 0;
  const auto end_run = [&](int64_t position) {
    if (id > 0) {
      counts[id - 1].push_back(begin - ends[id - 1]);
      counts[id - 1].push_back(position - begin);
      ends[id - 1] = position;
    }
    begin = position;
  };
  for (int column = 0; column < ids.width; ++column) {
    for (int row = 0; row < ids.height; ++row) {
      const int here = ids.ids[static_cast<size_t>(row) * ids.width + column];
      if (here == id) continue;
      end_run(static_cast<int64_t>(column) * ids.height + row);
      id = here;
    }
  }
  end_run(pixels);
  std::vector<perception::RunLengthMask> masks;
  for (size_t i = 0; i < solids; ++i) {
    counts[i].push_back(pixels - ends[i]);
    masks.push_back(perception::RunLengthMask::from_counts(ids.height, ids.width, counts[i]));
  }
  return masks;
}

}  // namespace

std::string clevrer_number(int index) {
  const std::string digits = std::to_string(index);
  return std::string(digits.size() < 5 ? 5 - digits.size() : 0, '0') + digits;
}

std::string annotation_text(const envs::CollisionsConfig& config,
                            const envs::CollisionsVideo& video, int index) {
  Json json;
  json["scene_index"] = index;
  json["video_filename"] = video_name(index);
  json["object_property"] = Json::array();
  for (size_t i = 0; i < video.solids.size(); ++i) {
    Json property;
    property["object_id"] = i;
    add_attributes(property, video.solids[i]);
    json["object_property"].push_back(std::move(property));
  }
  json["motion_trajectory"] = Json::array();
  for (size_t frame = 0; frame < video.frames.size(); ++frame) {
    Json moment;
    moment["frame_id"] = frame;
    moment["objects"] = Json::array();
    for (size_t i = 0; i < video.solids.size(); ++i) {
      moment["objects"].push_back(
          moving_solid(config, video.solids[i], video.frames[frame][i], static_cast<int>(i)));
    }
    json["motion_trajectory"].push_back(std::move(moment));
  }
  json["collision"] = Json::array();
  for (const envs::Collision& collision : video.collisions) {
    const double z =
        (height(video.solids[collision.first]) + height(video.solids[collision.second])) / 4;
    Json event;
    event["object_ids"] = Json::array({collision.first, collision.second});
    event["frame_id"] = collision.frame;
    event["location"] = vector(collision.where.x, collision.where.y, z);
    json["collision"].push_back(std::move(event));
  }
  return json.dump();
}

ProposalsText::ProposalsText(const envs::CollisionsVideo& video, int index)
    : video_(video), index_(index) {
  text_ = "{\"video_index\":" + std::to_string(index) + ",\"video_filename\":\"" +
          video_name(index) + "\",\"frames\":[";
}

void ProposalsText::add(const envs::InstanceImage& ids) {
  Json frame;
  frame["frame_index"] = frames_;
  frame["objects"] = Json::array();
  const auto masks = visible_masks(ids, video_.solids.size());
  for (size_t i = 0; i < masks.size(); ++i) {
    if (masks[i].area() == 0) continue;
    Json object;
    object["mask"]["size"] = Json::array({ids.height, ids.width});
    object["mask"]["counts"] = masks[i].compressed();
    object["video_index"] = index_;
    object["frame_index"] = frames_;
    add_attributes(object, video_.solids[i]);
    object["score"] = 1.0;
    frame["objects"].push_back(std::move(object));
  }
  text_ += (frames_ == 0 ? "" : ",") + frame.dump();
  ++frames_;
}

std::string ProposalsText::finish() const {
  return text_ + "]}";
}

}  // namespace mint::training
