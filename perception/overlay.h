// Pictures for people: keypoints drawn over frames, frames side by side, PNG files. Images are
// uint8 tensors [3, H, W], RGB, on the CPU, as everywhere in perception/.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <torch/types.h>

#include "perception/keypoints.h"

namespace mint::perception {

struct OverlayStyle {
  int64_t scale = 4;            // integer factor by which the image is enlarged, >= 1
  bool draws_inactive = false;  // hollow circles for keypoints that are not active
  bool draws_numbers = false;   // the index beside every drawn keypoint
  int64_t trail = 8;            // earlier frames whose positions are joined by lines; 0: none
  double radius_px = 1.2;       // of a keypoint, pixels of the frame before enlarging
  double line_px = 0.25;        // width of trails, the same; at least one pixel of the picture
};

// RGB of keypoint `index`: the same in every picture, neighbouring indices far apart in hue.
std::array<uint8_t, 3> keypoint_colour(int64_t index);

// Frame `index` of images [N, 3, H, W] enlarged, with its keypoints and their trails through the
// frames before it. A trail is broken where its keypoint was inactive. The frames are taken as one
// sequence. Throws std::invalid_argument for shapes.
torch::Tensor draw_keypoints(const torch::Tensor& images, const Keypoints& keypoints, int64_t index,
                             const OverlayStyle& style = {});

// The image below a white strip with `text`, which is cut where the image ends. The strip is
// label_height(W) pixels high, the letters grow with the width.
torch::Tensor add_label(const torch::Tensor& image, const std::string& text);
int64_t label_height(int64_t width);

// Images of one size, row by row, `columns` to a row, with `gap` white pixels between them.
torch::Tensor make_grid(const std::vector<torch::Tensor>& images, int64_t columns, int64_t gap = 4);

// Throws std::runtime_error when the file cannot be written.
void write_png(const std::string& file, const torch::Tensor& image);

}  // namespace mint::perception
