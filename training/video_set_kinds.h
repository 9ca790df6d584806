// The layouts of video sets. To add one: a file with its two functions, their declarations here
// and a line in the table of training/video_set.cpp.
//
// is_…: whether config.data is of this layout. …_videos: its candidates for training and testing,
// by name in a fixed order; no video is in both lists. None of them decodes anything.
#pragma once

#include <string>

#include "training/video_set.h"

namespace mint::training {

// CLEVRER (metrics_datasets.md 4): video_train/ with or without folders of 1000, proposals in
// derender_proposals/. Trains on the first of video_train; tests on those that follow there, or on
// video_test/ where too few follow. Videos without
// proposals have no objects, so that a study skips them; a video that is cut off, whose proposals
// then list more frames, cannot be loaded.
bool is_clevrer(const VideoSetConfig& config);
VideoSources clevrer_videos(const VideoSetConfig& config);

// MIME (5): <task>/<demonstration>/hd_kinect_rgb.mp4, columns 120..479. Of each of the tasks 1 to 4
// the first `train / 4` demonstrations train, those that follow test.
bool is_mime(const VideoSetConfig& config);
VideoSources mime_videos(const VideoSetConfig& config);

// SIMITATE (6): pictures frame*.jpg, as published (<group>/<task>/<person>/<sequence>/
// _kinect2_qhd_image_color_rect_compressed/) or flattened (<task>_<n>/). Tasks bring, rearrange,
// pick_and_place, stack; of each the first `train / 4` sequences train, those that follow test.
bool is_simitate(const VideoSetConfig& config);
VideoSources simitate_videos(const VideoSetConfig& config);

// One or several video files, or a folder of them at any depth: the first train, the rest test.
bool is_files(const VideoSetConfig& config);
VideoSources file_videos(const VideoSetConfig& config);

// Demonstration files (HDF5): the first `train` train (0: all but the tests), the last test.
bool is_demonstrations(const VideoSetConfig& config);
VideoSources demonstration_videos(const VideoSetConfig& config);

// "magical": rollouts of the scripted experts in Demo, with action noise, tasks in turn. Objects
// are the robot, the blocks and the goal regions, as they are seen. Training, testing and recording
// draw from different seeds.
bool is_rollouts(const VideoSetConfig& config);
VideoSources rollout_videos(const VideoSetConfig& config);

// What the config says of frames, for read_frames.
struct FrameSelection;
FrameSelection frame_selection(const VideoSetConfig& config);

// Bytes of the file, for fingerprints; "missing" where there is none.
std::string file_size_text(const std::string& file);

}  // namespace mint::training
