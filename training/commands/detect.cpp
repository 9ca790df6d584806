#include <cstdio>
#include <filesystem>
#include <regex>

#include "perception/overlay.h"
#include "perception/video_reader.h"
#include "training/atomic_file.h"
#include "training/clevrer.h"
#include "training/commands/commands.h"
#include "training/config_error.h"
#include "training/detection.h"
#include "training/detection_files.h"
#include "training/detection_report.h"
#include "training/detection_summary.h"
#include "training/interrupt.h"
#include "training/output_folder.h"
#include "training/overlay_film.h"

namespace mint::training {
namespace {

constexpr double kUnknownRate = 10;          // frames per second of a film whose video says none
constexpr int64_t kReportPicture_px = 1080;  // at most so wide

// "X,Y,WIDTH,HEIGHT".
Crop parse_crop(const std::string& text) {
  if (text.empty()) return {};
  static const std::regex form("([0-9]{1,6}),([0-9]{1,6}),([0-9]{1,6}),([0-9]{1,6})");
  std::smatch parts;
  const bool is_crop = std::regex_match(text, parts, form);
  Crop crop;
  if (is_crop) {
    crop = {std::stoll(parts[1]), std::stoll(parts[2]), std::stoll(parts[3]), std::stoll(parts[4])};
  }
  if (crop.width > 0 && crop.height > 0) return crop;
  throw ConfigError("command line", "--crop", "X,Y,WIDTH,HEIGHT in pixels", text);
}

FrameChoice frame_choice(const DetectOptions& options) {
  if (options.to >= 0 && options.to < options.from) {
    throw ConfigError("command line", "--to", "at least --from " + std::to_string(options.from),
                      std::to_string(options.to));
  }
  return {options.from, options.to, options.every, parse_crop(options.crop)};
}

// Everything but the video, so that mistakes show before the long part.
std::vector<FrameSeries> read_series(const DetectOptions& options) {
  std::vector<FrameSeries> series;
  if (!options.activity.empty()) series = read_frame_series(options.activity);
  if (!options.objects.empty()) {
    std::vector<std::string> identities;
    series.push_back(visible_objects(read_proposals(options.objects, &identities)));
  }
  return series;
}

void start_folder(const std::filesystem::path& folder) {
  if (std::filesystem::exists(folder) && !std::filesystem::is_empty(folder)) {
    throw std::runtime_error(folder.string() + ": expected a new or empty folder, got files in it");
  }
  std::filesystem::create_directories(folder);
}

// Writes them into pictures/; returns them for the report.
std::vector<Picture> write_film_pictures(const std::filesystem::path& folder,
                                         const std::vector<FilmPicture>& pictures) {
  std::filesystem::create_directories(folder);
  std::vector<Picture> written;
  for (const FilmPicture& picture : pictures) {
    char name[40];
    std::snprintf(name, sizeof name, "frame_%06lld.png", static_cast<long long>(picture.number));
    torch::Tensor image = picture.image;
    if (image.size(2) > kReportPicture_px) {
      image = perception::resize_frame(image, image.size(1) * kReportPicture_px / image.size(2),
                                       kReportPicture_px);
    }
    perception::write_png((folder / name).string(), image);
    written.push_back({read_file(folder / name), "frame " + std::to_string(picture.number)});
  }
  return written;
}

void write_detection(const std::filesystem::path& folder, const DetectedVideo& video,
                     const DetectionSummary& summary, const std::vector<FilmPicture>& pictures,
                     bool shows_static) {
  write_file_atomically(folder / "summary.json", summary_json(video, summary));
  write_file_atomically(folder / "active.svg", svg_file(active_plot(video, summary)));
  if (!summary.series.empty()) {
    write_file_atomically(folder / "activity.svg", svg_file(activity_plot(video, summary)));
  }
  auto shown = write_film_pictures(folder / "pictures", pictures);
  write_file_atomically(folder / "report.html",
                        detection_report(video, summary, std::move(shown), shows_static));
}

}  // namespace

int detect(const DetectOptions& options) {
  const InterruptGuard guard;
  const FrameChoice choice = frame_choice(options);
  const double rate = perception::VideoReader(options.video).frames_per_s();
  const auto series = read_series(options);
  const auto detectors = read_detectors(options.detectors);
  const std::filesystem::path folder = output_folder(options.output, "detect");
  start_folder(folder);
  std::vector<std::string> labels;
  for (const NamedDetector& detector : detectors) labels.push_back(detector.label);
  OverlayFilm film(options.skips_film ? "" : (folder / "overlay").string(),
                   (rate > 0 ? rate : kUnknownRate) / static_cast<double>(choice.every), labels,
                   options.trail);
  const auto video = detect_video(
      options.video, choice, detectors,
      [&](int64_t number, const torch::Tensor& frame,
          const std::vector<perception::Keypoints>& found) { film.take(number, frame, found); },
      show_progress());
  const std::string film_file = film.finish();
  write_file_atomically(folder / "keypoints.csv", keypoints_csv(video));
  write_file_atomically(folder / "keypoints.json", keypoints_json(video));
  const DetectionSummary summary = summarise_detection(video, series);
  write_detection(folder, video, summary, film.pictures(), options.shows_static);
  for (const std::string& line : summary_lines(video, summary, options.shows_static)) {
    std::printf("%s\n", line.c_str());
  }
  if (!film_file.empty()) std::printf("film: %s\n", film_file.c_str());
  std::printf("keypoints, plots and report: %s\n", folder.c_str());
  return 0;
}

}  // namespace mint::training
