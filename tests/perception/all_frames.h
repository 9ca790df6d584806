// A film that a test wrote, whole.
#pragma once

#include <string>
#include <vector>

#include <torch/torch.h>

#include "perception/video_reader.h"

namespace mint::tests {

// uint8 [T, 3, H, W], RGB; T is at least 1, or torch::stack throws.
inline torch::Tensor all_frames(const std::string& file) {
  perception::VideoReader reader(file);
  std::vector<torch::Tensor> frames;
  for (auto frame = reader.next(); frame.defined(); frame = reader.next()) frames.push_back(frame);
  return torch::stack(frames);
}

}  // namespace mint::tests
