#include "training/study_cell.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <torch/torch.h>
#include <nlohmann/json.hpp>

#include "perception/keypoint_metrics.h"
#include "perception/keypoints_in_pixels.h"
#include "perception/released_metrics.h"
#include "training/agent.h"
#include "training/atomic_file.h"
#include "training/cell_lock.h"
#include "training/content_hash.h"
#include "training/frame_series.h"
#include "training/interrupt.h"
#include "training/pretrain.h"
#include "training/statistics.h"
#include "training/stopwatch.h"
#include "training/train_once.h"

namespace mint::training {
namespace {

// A line for each of the first `count` videos.
std::string fingerprints(const std::vector<VideoSource>& sources, int64_t count) {
  std::string text;
  for (const VideoSource& source : sources) {
    if (count-- == 0) break;
    text += "# " + source.fingerprint + "\n";
  }
  return text;
}

void write_scores(const StudyCell& cell, const CellScores& scores) {
  nlohmann::ordered_json json;
  json["row"] = cell.row;
  json["seed"] = cell.seed;
  json["training_s"] = scores.training_s;
  json["evaluation_s"] = scores.evaluation_s;
  json["skipped"] = scores.skipped;
  json["videos"] = nlohmann::ordered_json::array();
  for (const VideoScore& score : scores.videos) {
    nlohmann::ordered_json video = {{"video", score.video}};
    for (const auto& [name, value] : score.values) {
      if (std::isfinite(value)) {
        video[name] = value;
      } else {
        video[name] = nullptr;
      }
    }
    json["videos"].push_back(video);
  }
  write_file_atomically(cell.folder / "scores.json", json.dump(1) + "\n");
}

std::unique_ptr<CellLock> lock_folder(const std::filesystem::path& folder, const StudyTests& tests,
                                      const OnProgress& on_progress) {
  std::filesystem::create_directories(folder);
  return std::make_unique<CellLock>(folder, [&] {  // another study may be at it
    on_progress({"waits for another study: " + folder.string(), "videos", 0, tests.count, ""});
  });
}

}  // namespace

VideoScore score_video(perception::Detector& detector, const VideoClip& video,
                       double keypoint_area) {
  const auto [height, width] = mask_size(video);
  const auto keypoints =
      perception::keypoints_in_pixels(detector.detect(video.frames), height, width);
  const auto metrics = perception::measure_video(keypoints, video.objects, keypoint_area);
  const auto released = perception::measure_as_released(keypoints, video.objects, keypoint_area);
  const FrameSeries objects = visible_objects(video.objects);
  std::vector<double> active;
  double empty_frames = 0;
  for (size_t t = 0; t < video.objects.size(); ++t) {
    empty_frames += video.objects[t].empty() ? 1 : 0;
    double count = 0;
    for (int64_t k = 0; k < keypoints.keypoints; ++k) {
      count += keypoints.is_active(static_cast<int64_t>(t), k) ? 1 : 0;
    }
    active.push_back(count);
  }
  return {video.name,
          {{"dop", metrics.dop},
           {"top", metrics.top},
           {"top_first_frame_zero", metrics.top_first_frame_zero},
           {"uak", metrics.uak},
           {"frames_without_objects", empty_frames},
           {"dak_product", metrics.dak_product},
           {"dak_mean", metrics.dak_mean},
           {"dak_deviation", metrics.dak_deviation},
           {"released_dop", released.dop},
           {"released_top", released.top},
           {"released_uak", released.uak},
           {"released_dak", released.dak_deviation},
           {"active", summarise(active).mean},
           {"active_objects_correlation", correlation(active, objects.values)}}};
}

StudyTests study_tests(const StudyConfig& config, const OnProgress& on_progress) {
  constexpr size_t kLooked = 20;  // videos; the mean hardly changes with more
  StudyConfig all = config;
  all.methods = {};
  VideoSetConfig set = video_set(study_rows("detection", all).front().pretrain);
  set.test = config.test_videos;
  set.seed = config.seed;
  StudyTests tests;
  tests.sources = list_videos(set);
  tests.count =
      std::min<int64_t>(config.test_videos, static_cast<int64_t>(tests.sources.test.size()));
  tests.keypoint_area = config.keypoint_area;
  if (tests.keypoint_area > 0) return tests;
  std::vector<std::vector<perception::FrameObjects>> videos;
  const size_t looked = std::min(kLooked, tests.sources.test.size());
  for (size_t i = 0; i < looked; ++i) {
    on_progress(
        {"object areas", "videos", static_cast<int64_t>(i + 1), static_cast<int64_t>(looked), ""});
    try {
      videos.push_back(tests.sources.test[i].load().objects);
    } catch (const std::runtime_error&) {
      // Named when the cells are scored.
    }
  }
  tests.keypoint_area = perception::mean_object_area(videos);
  if (!(tests.keypoint_area > 0)) {
    throw std::runtime_error(
        "study: data: expected test videos with object masks, found none in the first " +
        std::to_string(kLooked));
  }
  return tests;
}

std::vector<StudyCell> study_cells(const std::vector<StudyRow>& rows, const StudyConfig& config,
                                   const StudyTests& tests) {
  const std::string trained = fingerprints(tests.sources.train, config.train_videos);
  const std::string tested = fingerprints(tests.sources.test, tests.count) + "# A_k " +
                             std::to_string(tests.keypoint_area) + "\n";
  const std::filesystem::path folder(config.cells);
  std::vector<StudyCell> cells;
  for (const StudyRow& row : rows) {
    for (int64_t i = 0; i < config.seeds; ++i) {
      StudyCell cell{row.name, config.seed + static_cast<uint64_t>(i), row.pretrain, "", {}, {}};
      cell.pretrain.seed = cell.seed;
      PretrainConfig named = cell.pretrain;  // where the data lies decides nothing
      named.data.files = {"data"};
      named.threads = 1;  // nor how it is computed
      named.device = "auto";
      cell.content = dump_config(named) + trained + tested;
      cell.folder = folder / content_hash(cell.content);
      named.detectors.mint.detect_gamma = perception::MintConfig().detect_gamma;
      cell.training = folder / content_hash(dump_config(named) + trained);
      cell.pretrain.output = (cell.training / "detector").string();
      cells.push_back(cell);
    }
  }
  return cells;
}

bool is_done(const StudyCell& cell) {
  return std::filesystem::exists(cell.folder / "scores.json");
}

std::shared_ptr<perception::Detector> read_detector(const StudyCell& cell) {
  return read_detector(cell.pretrain.output, cell.pretrain.detectors.mint.detect_gamma).detector;
}

CellScores run_cell(const StudyCell& cell, const StudyTests& tests, const OnProgress& on_progress) {
  return compute_once(cell, tests, on_progress, [&] {
    const double training_s = train_detector(cell, tests, on_progress);
    const auto detector = read_detector(cell);
    CellScores scores = score_videos(
        cell, tests,
        [&](const VideoClip& video) { return score_video(*detector, video, tests.keypoint_area); },
        on_progress);
    scores.training_s = training_s;
    return scores;
  });
}

double train_detector(const StudyCell& cell, const StudyTests& tests,
                      const OnProgress& on_progress) {
  const auto lock = lock_folder(cell.training, tests, on_progress);
  return train_once(cell.training, cell.pretrain.output,
                    [&] { pretrain_detector(cell.pretrain, on_progress, Start::kResume); });
}

CellScores score_videos(const StudyCell& cell, const StudyTests& tests, const ScoreVideo& score,
                        const OnProgress& on_progress) {
  CellScores scores;
  const Stopwatch time;
  for (const VideoSource& source : tests.sources.test) {
    const auto done = static_cast<int64_t>(scores.videos.size());
    if (done == tests.count) break;
    if (is_interrupted()) throw Interrupted();
    on_progress({"score", "videos", done, tests.count, cell.row});
    try {
      const VideoClip video = source.load();
      if (video.objects.empty()) {
        throw std::runtime_error(video.name + ": expected object masks, found none");
      }
      scores.videos.push_back(score(video));
    } catch (const std::runtime_error& error) {
      scores.skipped.push_back(error.what());
    }
  }
  on_progress({"score", "videos", tests.count, tests.count, cell.row});
  if (scores.videos.empty()) {
    throw std::runtime_error("study: test videos: expected some with object masks, got none" +
                             (scores.skipped.empty() ? "" : "; " + scores.skipped.front()));
  }
  scores.evaluation_s = time.seconds();
  return scores;
}

std::array<int64_t, 2> mask_size(const VideoClip& video) {
  for (const auto& objects : video.objects) {
    if (objects.empty()) continue;
    return {objects.front().mask.height(), objects.front().mask.width()};
  }
  return {video.frames.size(2), video.frames.size(3)};
}

CellScores compute_once(const StudyCell& cell, const StudyTests& tests,
                        const OnProgress& on_progress, const std::function<CellScores()>& compute) {
  if (is_done(cell)) return read_scores(cell);
  const auto lock = lock_folder(cell.folder, tests, on_progress);
  if (is_done(cell)) {
    on_progress({"score", "videos", tests.count, tests.count, cell.row});
    return read_scores(cell);
  }
  write_file_atomically(cell.folder / "config.yaml", cell.content);
  const CellScores scores = compute();
  write_scores(cell, scores);
  return scores;
}

CellScores read_scores(const StudyCell& cell) {
  const auto file = cell.folder / "scores.json";
  try {
    const auto json = nlohmann::ordered_json::parse(read_file(file));
    CellScores scores;
    scores.training_s = json.at("training_s");
    scores.evaluation_s = json.at("evaluation_s");
    scores.skipped = json.at("skipped").get<std::vector<std::string>>();
    for (const auto& video : json.at("videos")) {
      VideoScore score{video.at("video"), {}};
      for (const auto& [name, value] : video.items()) {
        if (name == "video") continue;
        score.values.emplace_back(name, value.is_null() ? NAN : value.get<double>());
      }
      scores.videos.push_back(score);
    }
    return scores;
  } catch (const nlohmann::json::exception& error) {
    throw std::runtime_error(file.string() + ": expected the scores of a cell; remove the folder " +
                             "to compute it again");
  }
}

}  // namespace mint::training
