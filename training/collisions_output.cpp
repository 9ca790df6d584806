#include "training/collisions_output.h"

#include <algorithm>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "envs/collisions_draw.h"
#include "envs/random.h"
#include "envs/thread_pool.h"
#include "perception/video.h"
#include "training/atomic_file.h"
#include "training/collisions_files.h"
#include "training/image_tensor.h"
#include "training/interrupt.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSettingsFile = "collisions.json";
constexpr int kVideosOfFolder = 1000;

struct PlannedVideo {
  int index;
  const char* split;
};

void add_split(std::vector<PlannedVideo>& plan, const char* split, int first, int count,
               int largest) {
  if (count < 0 || count > largest) {
    throw std::invalid_argument("write_collisions: " + std::string(split) + ": expected 0 to " +
                                std::to_string(largest) + " videos, got " + std::to_string(count));
  }
  for (int i = 0; i < count; ++i) plan.push_back({first + i, split});
}

std::vector<PlannedVideo> planned_videos(const CollisionsOutputConfig& config) {
  std::vector<PlannedVideo> plan;
  add_split(plan, "train", 0, config.train, 10000);
  add_split(plan, "validation", 10000, config.validation, 5000);
  add_split(plan, "test", 15000, config.test, 5000);
  return plan;
}

// <root>/video_train/video_00000-01000/video_00000.mp4
fs::path split_file(const fs::path& root, const char* kind, const PlannedVideo& video,
                    const char* extension) {
  const int first = video.index / kVideosOfFolder * kVideosOfFolder;
  const std::string name = std::string(kind) + "_";
  return root / (name + video.split) /
         (name + clevrer_number(first) + "-" + clevrer_number(first + kVideosOfFolder)) /
         (name + clevrer_number(video.index) + extension);
}

fs::path proposals_file(const fs::path& root, const PlannedVideo& video) {
  return root / "derender_proposals" / ("proposal_" + clevrer_number(video.index) + ".json");
}

// Everything that a video depends on besides its index.
std::string settings_text(const CollisionsOutputConfig& config) {
  const envs::CollisionsConfig& scene = config.scene;
  const envs::CollisionsCamera& camera = scene.camera;
  nlohmann::ordered_json json;
  json["made_by"] = "mint make-collisions";
  json["version"] = 1;
  json["seed"] = config.seed;
  json["frames"] = scene.frames;
  json["frames_per_s"] = scene.frames_per_s;
  json["object_weights"] = scene.object_weights;
  json["size"] = {scene.size_min, scene.size_max};
  json["entering"] = scene.entering;
  json["last_entry"] = scene.last_entry;
  json["aimed"] = scene.aimed;
  json["speed"] = {scene.speed_min, scene.speed_max};
  json["resting_gap"] = scene.resting_gap;
  json["resting_margin_px"] = scene.resting_margin_px;
  json["damping"] = {scene.linear_damping, scene.angular_damping};
  json["friction_deceleration"] = scene.friction_deceleration;
  json["contact_friction"] = scene.contact_friction;
  json["restitution"] = scene.restitution;
  json["camera"] = {camera.distance, camera.pitch_rad, camera.focal_px};
  json["size_px"] = {camera.width_px, camera.height_px};
  return json.dump(2) + "\n";
}

// Makes `root` ours: a new folder or one to go on with.
void claim(const fs::path& root, const CollisionsOutputConfig& config) {
  const fs::path settings = root / kSettingsFile;
  const std::string text = settings_text(config);
  if (fs::exists(settings)) {
    if (!config.resumes) {
      throw std::runtime_error(root.string() +
                               ": expected a new folder, got a data set; --resume goes on with it");
    }
    if (read_file(settings) != text) {
      throw std::runtime_error(settings.string() +
                               ": expected the same seed and scene settings to resume, got others");
    }
    return;
  }
  if (fs::exists(root) && !fs::is_empty(root)) {
    throw std::runtime_error(root.string() +
                             ": expected a new or empty folder, got one with files");
  }
  fs::create_directories(root / "derender_proposals");
  write_file_atomically(settings, text);
}

void write_video(const fs::path& root, const CollisionsOutputConfig& config,
                 const PlannedVideo& planned) {
  const auto video = envs::simulate_collisions(
      config.scene, envs::derive_seed(config.seed, "collisions video", planned.index));
  const envs::CollisionsCamera& camera = config.scene.camera;
  const fs::path file = split_file(root, "video", planned, ".mp4");
  fs::create_directories(file.parent_path());
  perception::VideoWriter writer(file.string(), camera.height_px, camera.width_px,
                                 config.scene.frames_per_s);
  envs::CollisionsPainter painter(camera);
  ProposalsText proposals(video, planned.index);
  envs::Image image;
  envs::InstanceImage ids;
  for (const auto& states : video.frames) {
    if (is_interrupted()) throw Interrupted("interrupted; finished videos are kept");
    painter.draw(video.solids, states, image, ids);
    writer.write(training::to_tensor(image.rgb, image.height, image.width));
    proposals.add(ids);
  }
  writer.close();
  if (std::string(planned.split) != "test") {
    const fs::path annotation = split_file(root, "annotation", planned, ".json");
    fs::create_directories(annotation.parent_path());
    write_file_atomically(annotation, annotation_text(config.scene, video, planned.index));
  }
  write_file_atomically(proposals_file(root, planned), proposals.finish());
}

}  // namespace

CollisionsOutputSummary write_collisions(const fs::path& root, const CollisionsOutputConfig& config,
                                         const std::function<void(int done)>& on_video) {
  const std::vector<PlannedVideo> plan = planned_videos(config);
  claim(root, config);
  std::vector<PlannedVideo> missing;
  std::copy_if(plan.begin(), plan.end(), std::back_inserter(missing), [&](const auto& video) {
    return !fs::exists(proposals_file(root, video)) ||
           !fs::exists(split_file(root, "video", video, ".mp4"));
  });
  CollisionsOutputSummary summary;
  summary.kept = static_cast<int>(plan.size() - missing.size());
  on_video(summary.kept);
  std::mutex mutex;  // of the summary and what is told
  envs::ThreadPool pool(config.jobs);
  pool.for_each(static_cast<int>(missing.size()), [&](int i) {
    write_video(root, config, missing[i]);
    const std::lock_guard<std::mutex> lock(mutex);
    ++summary.written;
    on_video(summary.kept + summary.written);
  });
  return summary;
}

}  // namespace mint::training
