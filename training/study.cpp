#include "training/study.h"

#include <algorithm>
#include <cstdio>

#include <torch/torch.h>

#include "perception/overlay.h"
#include "training/agent.h"
#include "training/atomic_file.h"
#include "training/output_folder.h"
#include "training/shard.h"
#include "training/study_jobs.h"
#include "training/study_report.h"

namespace mint::training {
namespace {

// The same frames of the first test video that loads, a row a method: its first seed's keypoints.
std::vector<Picture> write_pictures(const std::vector<StudyRow>& rows,
                                    const std::vector<StudyCell>& cells, const StudyTests& tests,
                                    const std::filesystem::path& folder) {
  constexpr int64_t kColumns = 5;
  std::vector<VideoClip> videos = load_videos(tests.sources.test, 3, [](int64_t) {}).videos;
  std::filesystem::create_directories(folder);
  std::vector<Picture> pictures;
  for (const StudyRow& row : rows) {
    const auto cell = std::find_if(cells.begin(), cells.end(), [&](const StudyCell& c) {
      return c.row == row.name && is_done(c);
    });
    if (cell == cells.end()) continue;
    const auto detector = read_detector(*cell);
    std::vector<torch::Tensor> frames;
    for (const VideoClip& video : videos) {
      perception::OverlayStyle style;
      style.scale = video.frames.size(3) < 200 ? 4 : 1;
      style.radius_px = video.frames.size(3) < 200 ? 1.2 : 5;
      const auto keypoints = detector->detect(video.frames);
      for (int64_t i = 0; i < kColumns; ++i) {
        const int64_t frame = i * (video.frames.size(0) - 1) / (kColumns - 1);
        frames.push_back(perception::draw_keypoints(video.frames, keypoints, frame, style));
      }
    }
    const std::string name = file_stem(row.name) + ".png";
    perception::write_png((folder / name).string(), perception::make_grid(frames, kColumns));
    pictures.push_back({read_file(folder / name), row.name});
  }
  return pictures;
}

Facts facts(const StudyConfig& config, const StudyResults& results, const StudyTests& tests) {
  Facts facts;
  for (const auto& [name, cells] : results) {
    double training = 0, evaluation = 0;
    for (const SeedScores& cell : cells) {
      training += cell.scores.training_s / static_cast<double>(cells.size());
      evaluation += cell.scores.evaluation_s / static_cast<double>(cells.size());
    }
    char text[80];
    std::snprintf(text, sizeof text, "%.0f s training, %.0f s scoring a cell", training,
                  evaluation);
    facts.list.emplace_back(name, text);
  }
  if (!results.empty() && !results.front().second.empty()) {
    double frames = 0, videos = 0;
    for (const VideoScore& video : results.front().second.front().scores.videos) {
      for (const auto& [name, value] : video.values) {
        if (name != "frames_without_objects" || value == 0) continue;
        frames += value;
        ++videos;
      }
    }
    char text[80];
    std::snprintf(text, sizeof text, "%.0f, in %.0f test videos", frames, videos);
    facts.list.emplace_back("frames without objects", text);
  }
  char area[40];
  std::snprintf(area, sizeof area, "%.1f px", tests.keypoint_area);
  facts.list.emplace_back("A_k", area);
  facts.list.emplace_back("cells at once", std::to_string(config.jobs));
  return facts;
}

}  // namespace

StudyOutcome run_study(const std::string& study, const StudyConfig& config) {
  const auto rows = study_rows(study, config);
  parse_shard(config.shard);
  const auto tests = study_tests(config, show_progress());
  const auto cells = study_cells(rows, config, tests);
  compute_cells(cells, config, tests, [&](size_t i, const OnProgress& on_progress) {
    run_cell(cells[i], tests, on_progress);
  });

  StudyOutcome outcome;
  const DoneCells done = done_cells(rows, cells);
  outcome.results = done.results;
  outcome.missing = done.missing;
  print_skipped(outcome.results);

  outcome.folder = output_folder(config.output, "study-" + study);
  const Table table = study_table(study, outcome.results);
  const std::string config_text = dump_config(config);
  write_study_texts(outcome.folder, {config_text, table_text(table), study_csv(outcome.results)});
  Report report;
  report.title = "Study: " + study;
  report.subtitle = videos_subtitle(config, tests);
  report.sections.push_back(
      {"Scores",
       {table,
        Paragraph{"Mean over training seeds of the per-seed mean ± half the 95 % t interval "
                  "over seeds; pooled: mean over videos and seeds ± 2 s / sqrt(seeds), as "
                  "the paper reports."},
        facts(config, outcome.results, tests)}});
  report.sections.push_back(
      {"The released program's counting",
       {released_table(study, outcome.results),
        Paragraph{
            "As the program published with the paper counts: a keypoint that turned inactive "
            "on an object goes on detecting and tracking it, active keypoints right of or "
            "below the image are not counted, DOP and TOP have no value for a video with a "
            "frame without objects, nor DAK for one with a frame that detects nothing. \"-\": "
            "no video has a value, or the cells are of an earlier version."}}});
  report.sections.push_back(
      {"The same frames, each method's keypoints",
       {Pictures{write_pictures(rows, cells, tests, outcome.folder / "pictures"), 900}}});
  write_study_report(outcome.folder, config_text, report);
  return outcome;
}

}  // namespace mint::training
