#include "training/detection.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <stdexcept>

#include <torch/torch.h>

#include "perception/keypoints_in_pixels.h"
#include "perception/video_reader.h"
#include "training/agent.h"
#include "training/interrupt.h"

namespace mint::training {
namespace {

constexpr int64_t kFramesAtOnce = 16;

std::string folder_name(const std::string& run) {
  auto path = std::filesystem::path(run).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();  // "runs/a/"
  return path.filename().string();
}

std::string crop_text(const Crop& crop) {
  return std::to_string(crop.width) + "x" + std::to_string(crop.height) + " at " +
         std::to_string(crop.x) + ", " + std::to_string(crop.y);
}

Crop checked_crop(const Crop& crop, const DetectedVideo& video) {
  if (crop.width == 0) return {0, 0, video.width, video.height};
  const bool fits = crop.x >= 0 && crop.y >= 0 && crop.width > 0 && crop.height > 0 &&
                    crop.width <= video.width - crop.x && crop.height <= video.height - crop.y;
  if (fits) return crop;
  throw std::runtime_error(video.file + ": crop: expected a part of the " +
                           std::to_string(video.width) + "x" + std::to_string(video.height) +
                           " image, got " + crop_text(crop));
}

torch::Tensor cropped(const torch::Tensor& frame, const Crop& crop) {
  return frame.slice(1, crop.y, crop.y + crop.height)
      .slice(2, crop.x, crop.x + crop.width)
      .contiguous();
}

// Detects in frames that came together and passes them on.
class FrameBatch {
 public:
  FrameBatch(const std::vector<NamedDetector>& detectors, const OnDetectedFrame& on_frame)
      : detectors_(detectors), on_frame_(on_frame) {}

  void add(int64_t number, torch::Tensor frame, DetectedVideo& video) {
    numbers_.push_back(number);
    frames_.push_back(std::move(frame));
    if (static_cast<int64_t>(frames_.size()) == kFramesAtOnce) flush(video);
  }

  void flush(DetectedVideo& video) {
    if (frames_.empty()) return;
    std::vector<perception::Keypoints> found;
    for (size_t d = 0; d < detectors_.size(); ++d) {
      found.push_back(detect_with(*detectors_[d].detector));
      append(found[d], video, video.detectors[d].keypoints);
    }
    for (size_t i = 0; i < frames_.size(); ++i) {
      std::vector<perception::Keypoints> of_frame;
      const auto row = static_cast<int64_t>(i);
      for (const perception::Keypoints& all : found) {
        of_frame.push_back({all.xy.slice(0, row, row + 1), all.active.slice(0, row, row + 1)});
      }
      on_frame_(numbers_[i], frames_[i], of_frame);
    }
    video.frames.insert(video.frames.end(), numbers_.begin(), numbers_.end());
    numbers_.clear();
    frames_.clear();
  }

 private:
  perception::Keypoints detect_with(perception::Detector& detector) const {
    std::vector<torch::Tensor> resized;
    for (const torch::Tensor& frame : frames_) {
      resized.push_back(perception::resize_frame(frame, detector.height(), detector.width()));
    }
    const perception::Keypoints found = detector.detect(torch::stack(resized));
    return {found.xy.cpu(), found.active.cpu()};
  }

  static void append(const perception::Keypoints& found, const DetectedVideo& video,
                     perception::PixelKeypoints& all) {
    const Crop& crop = video.crop;
    const auto of_crop = perception::keypoints_in_pixels(found, crop.height, crop.width);
    for (size_t i = 0; i < of_crop.xy.size(); i += 2) {
      all.xy.push_back(of_crop.xy[i] + static_cast<double>(crop.x));
      all.xy.push_back(of_crop.xy[i + 1] + static_cast<double>(crop.y));
    }
    all.active.insert(all.active.end(), of_crop.active.begin(), of_crop.active.end());
    all.frames += of_crop.frames;
  }

  const std::vector<NamedDetector>& detectors_;
  const OnDetectedFrame& on_frame_;
  std::vector<int64_t> numbers_;
  std::vector<torch::Tensor> frames_;
};

// How many frames the header lets expect, 0 when it says nothing.
int64_t expected_frames(int64_t announced, const FrameChoice& choice) {
  const int64_t end = choice.to < 0 ? announced : std::min(announced, choice.to + 1);
  return std::max<int64_t>(0, (end - choice.from + choice.every - 1) / choice.every);
}

void start_keypoints(DetectedVideo& video, const std::vector<NamedDetector>& detectors) {
  for (const NamedDetector& detector : detectors) {
    DetectedKeypoints found{detector.label, detector.run, {}};
    found.keypoints.height = video.height;
    found.keypoints.width = video.width;
    found.keypoints.keypoints = detector.detector->keypoints();
    video.detectors.push_back(std::move(found));
  }
}

}  // namespace

std::vector<NamedDetector> read_detectors(const std::vector<std::string>& runs) {
  std::vector<NamedDetector> detectors;
  std::set<std::string> labels;
  for (const std::string& run : runs) {
    NamedDetector named{"", run, load_detector(run)};
    const std::string first = named.detector->name() + " (" + folder_name(run) + ")";
    named.label = first;
    for (int number = 2; !labels.insert(named.label).second; ++number) {
      named.label = first + " " + std::to_string(number);
    }
    detectors.push_back(std::move(named));
  }
  return detectors;
}

DetectedVideo detect_video(const std::string& file, const FrameChoice& choice,
                           const std::vector<NamedDetector>& detectors,
                           const OnDetectedFrame& on_frame, const OnProgress& progress) {
  perception::VideoReader reader(file);
  DetectedVideo video;
  video.file = file;
  video.frames_per_s = reader.frames_per_s();
  video.announced_frames = reader.announced_frames();
  JobProgress job{"detect", "frames", 0, expected_frames(video.announced_frames, choice), ""};
  FrameBatch batch(detectors, on_frame);
  while (choice.to < 0 || reader.decoded() <= choice.to) {
    if (is_interrupted()) throw Interrupted();
    const int64_t number = reader.decoded();
    if (number < choice.from || (number - choice.from) % choice.every != 0) {
      if (!reader.skip()) break;
      continue;
    }
    const torch::Tensor frame = reader.next();
    if (!frame.defined()) break;
    if (video.detectors.empty()) {
      video.height = frame.size(1);
      video.width = frame.size(2);
      video.crop = checked_crop(choice.crop, video);
      start_keypoints(video, detectors);
    }
    batch.add(number, cropped(frame, video.crop), video);
    ++job.done;
    if (job.total > 0) job.total = std::max(job.total, job.done + 1);  // headers are wrong
    progress(job);
  }
  video.decoded_frames = reader.decoded();
  video.is_whole = choice.to < 0 || video.decoded_frames <= choice.to;
  if (video.decoded_frames == 0) throw std::runtime_error(file + ": expected frames, decoded none");
  if (job.done == 0) {
    throw std::runtime_error(file + ": expected frame " + std::to_string(choice.from) + ", got " +
                             std::to_string(video.decoded_frames) + " frames that decode");
  }
  batch.flush(video);
  job.total = job.done;
  progress(job);
  return video;
}

}  // namespace mint::training
