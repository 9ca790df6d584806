// CLEVRER's files on disk (metrics_datasets.md, section 4): which videos there are and which
// objects their proposals list. Both layouts are read: as published, in folders of a thousand, and
// flattened. Video and proposals belong together by the five-digit number in their names.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "perception/object_masks.h"

namespace mint::training {

struct ClevrerEntry {
  int index = 0;                    // the five digits
  std::filesystem::path video;      // .../video_00042.mp4
  std::filesystem::path proposals;  // .../proposal_00042.json or sim_00042.json; empty: missing
};

// Videos of `split` ("train", "validation", "test", "" for all that is there) by their numbers.
// Names without a number and hidden files are passed over. Throws std::runtime_error when there is
// no such folder or no video in it, or when two videos or proposals have the same number.
std::vector<ClevrerEntry> list_clevrer(const std::filesystem::path& root, const std::string& split);

// The objects of each frame. An object is its colour, material and shape: identity i is
// (*identities)[i], for instance "blue_metal_sphere", in the order in which the file first lists
// them. Where a frame lists one twice, the higher score stays. All masks have one size, which the
// caller compares with the video's. Only frames[].objects[] is read, so that the older form of the
// files does, too. Throws std::runtime_error `file: frames[3].objects[1]...: what` for damage.
std::vector<perception::FrameObjects> read_proposals(const std::filesystem::path& file,
                                                     std::vector<std::string>* identities);

}  // namespace mint::training
