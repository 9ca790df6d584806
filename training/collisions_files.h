// The text of CLEVRER's files for one generated video; see training/collisions_output.h.
#pragma once

#include <string>
#include <vector>

#include "envs/collisions.h"
#include "envs/image.h"

namespace mint::training {

// "00042".
std::string clevrer_number(int index);

// annotation_*.json: what there is, where it is in every frame, what collides. Locations are those
// of the solids' centres; nothing tilts or rolls.
std::string annotation_text(const envs::CollisionsConfig& config,
                            const envs::CollisionsVideo& video, int index);

// proposal_*.json, built frame by frame.
class ProposalsText {
 public:
  ProposalsText(const envs::CollisionsVideo& video, int index);

  // The next frame; solids without a pixel are not listed.
  void add(const envs::InstanceImage& ids);

  std::string finish() const;

 private:
  const envs::CollisionsVideo& video_;  // outlives this
  int index_;
  int frames_ = 0;
  std::string text_;
};

}  // namespace mint::training
