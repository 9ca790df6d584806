// PNG files of the fixtures, and pictures to look at when a test fails.
#pragma once

#include <filesystem>

#include "envs/draw.h"

namespace mint::tests {

// An 8-bit RGB image. Throws std::runtime_error naming the file when it cannot be read.
envs::Image read_png(const std::filesystem::path& file);

void write_png(const std::filesystem::path& file, const envs::Image& image);

}  // namespace mint::tests
