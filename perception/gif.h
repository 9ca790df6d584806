// Animated GIF files, written frame by frame through giflib.
//
// A frame holds only the rectangle that changed, with a colour table of its own: colours are exact
// where that rectangle has at most 256 of them; else those of areas are, and giflib chooses near
// ones for the others. The film repeats for ever.
#pragma once

#include <cstdint>
#include <memory>
#include <ostream>
#include <vector>

struct GifFileType;

namespace mint::perception {

class GifWriter {
 public:
  // Writes to `out`, which is the caller's and outlives this object: its state says whether
  // everything could be written. Sides are 1 to 65535 pixels. GIF counts time in 1/100 s: at 8
  // frames per second frames last 13 and 12 of them in turn. Throws std::invalid_argument for sides
  // and rates that a GIF cannot have (up to 50 per second; viewers slow faster ones down).
  GifWriter(std::ostream& out, int height, int width, double frames_per_s);

  void write(const uint8_t* rgb);  // RGB [height, width, 3]

  // Finishes the film; call it once, after the last frame.
  void finish();

 private:
  struct Close {
    void operator()(GifFileType* file) const;
  };

  std::ostream& out_;
  int height_, width_;
  double frames_per_s_;
  int64_t frames_ = 0;
  std::vector<uint32_t> shown_;  // [height, width] 0xRRGGBB of the frame before
  std::unique_ptr<GifFileType, Close> file_;
};

}  // namespace mint::perception
