// A picture as people see it in windows and films: enlarged, with lines of text over it.
#pragma once

#include <string>
#include <vector>

#include "envs/image.h"

namespace mint::envs {

// The least whole factor by which an image becomes at least `height_px` high. Throws
// std::invalid_argument for an empty image.
int enlargement(const Image& image, int height_px);

// Writes into `out` (resized as needed) the image with every pixel enlarged to factor x factor and
// `lines` in its upper left corner, larger in larger pictures.
void caption(const Image& image, int factor, const std::vector<std::string>& lines, Image& out);

}  // namespace mint::envs
