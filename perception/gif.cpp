#include "perception/gif.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "perception/gif_colours.h"

namespace mint::perception {
namespace {

constexpr int kMaxCodes = 4096;  // of LZW in GIF: 12 bits
constexpr size_t kMaxSubBlock = 255;

void append16(std::string& bytes, int value) {
  bytes += static_cast<char>(value & 255);
  bytes += static_cast<char>(value >> 8 & 255);
}

// Codes of growing width, least significant bit first.
class BitPacker {
 public:
  void add(uint32_t code, int bits) {
    pending_ |= code << count_;
    for (count_ += bits; count_ >= 8; count_ -= 8, pending_ >>= 8) {
      bytes_ += static_cast<char>(pending_ & 255);
    }
  }
  std::string finish() {
    if (count_ > 0) bytes_ += static_cast<char>(pending_ & 255);
    return std::move(bytes_);
  }

 private:
  std::string bytes_;
  uint32_t pending_ = 0;
  int count_ = 0;
};

// LZW as GIF has it: `bits` (2 to 8) per index, a clear code, an end code, then the strings seen.
std::string compress(const std::vector<uint8_t>& indices, int bits) {
  const int clear = 1 << bits, end = clear + 1;
  // next[(string << bits) | index] is the code of the string with the index after it; 0: none yet.
  std::vector<uint16_t> next(size_t{kMaxCodes} << bits, 0);
  int codes = end + 1;
  int width = bits + 1;
  BitPacker packer;
  packer.add(clear, width);
  int string = indices[0];
  for (size_t i = 1; i < indices.size(); ++i) {
    uint16_t& longer = next[size_t(string) << bits | indices[i]];
    if (longer != 0) {
      string = longer;
      continue;
    }
    packer.add(string, width);
    string = indices[i];
    if (codes == kMaxCodes) {
      packer.add(clear, width);
      std::fill(next.begin(), next.end(), uint16_t{0});
      codes = end + 1;
      width = bits + 1;
      continue;
    }
    longer = static_cast<uint16_t>(codes);
    if (codes == 1 << width) ++width;
    ++codes;
  }
  packer.add(string, width);
  if (codes == 1 << width && width < 12) ++width;
  packer.add(end, width);
  return packer.finish();
}

// The changed pixels lie in it.
struct Rectangle {
  int left = 0, top = 0, right = 0, bottom = 0;  // right and bottom are outside
};

Rectangle changed(const std::vector<uint32_t>& before, const std::vector<uint32_t>& now, int width,
                  int height) {
  Rectangle box{width, height, 0, 0};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const size_t i = size_t(y) * width + x;
      if (before[i] == now[i]) continue;
      box = {std::min(box.left, x), std::min(box.top, y), std::max(box.right, x + 1), y + 1};
    }
  }
  return box.right == 0 ? Rectangle{0, 0, 1, 1} : box;  // a frame has at least one pixel
}

std::vector<uint32_t> packed(const uint8_t* rgb, size_t pixels) {
  std::vector<uint32_t> colours(pixels);
  for (size_t i = 0; i < pixels; ++i) {
    colours[i] = uint32_t{rgb[3 * i]} << 16 | uint32_t{rgb[3 * i + 1]} << 8 | rgb[3 * i + 2];
  }
  return colours;
}

std::vector<uint32_t> cut_out(const std::vector<uint32_t>& colours, int width,
                              const Rectangle& box) {
  std::vector<uint32_t> part;
  for (int y = box.top; y < box.bottom; ++y) {
    const auto row = colours.begin() + std::ptrdiff_t{y} * width;
    part.insert(part.end(), row + box.left, row + box.right);
  }
  return part;
}

std::string header(int width, int height) {
  std::string bytes = "GIF89a";
  append16(bytes, width);
  append16(bytes, height);
  bytes.append(3, '\0');  // no global colour table, background 0, square pixels
  bytes += "\x21\xff\x0bNETSCAPE2.0\x03\x01";
  append16(bytes, 0);  // repeat without end
  return bytes + '\0';
}

std::string image(const IndexedPixels& pixels, const Rectangle& box, int delay_cs) {
  int bits = 2;
  while (size_t{1} << bits < pixels.table.size()) ++bits;
  std::string bytes = "\x21\xf9\x04\x04";  // graphic control: the next frame is drawn over this one
  append16(bytes, delay_cs);
  bytes.append(2, '\0');
  bytes += '\x2c';  // image descriptor
  append16(bytes, box.left);
  append16(bytes, box.top);
  append16(bytes, box.right - box.left);
  append16(bytes, box.bottom - box.top);
  bytes += static_cast<char>(0x80 | (bits - 1));  // a colour table of 2^bits entries
  for (size_t i = 0; i < size_t{1} << bits; ++i) {
    const uint32_t colour = i < pixels.table.size() ? pixels.table[i] : 0;
    for (const int shift : {16, 8, 0}) bytes += static_cast<char>(colour >> shift & 255);
  }
  bytes += static_cast<char>(bits);
  const std::string codes = compress(pixels.indices, bits);
  for (size_t begin = 0; begin < codes.size(); begin += kMaxSubBlock) {
    const size_t length = std::min(kMaxSubBlock, codes.size() - begin);
    bytes += static_cast<char>(length);
    bytes.append(codes, begin, length);
  }
  return bytes + '\0';
}

}  // namespace

GifWriter::GifWriter(std::ostream& out, int height, int width, double frames_per_s)
    : out_(out), height_(height), width_(width), frames_per_s_(frames_per_s) {
  const bool has_size = height > 0 && width > 0 && height <= 65535 && width <= 65535;
  if (!has_size || !(frames_per_s > 0 && frames_per_s <= 50)) {
    throw std::invalid_argument(
        "GifWriter: expected sides of 1 to 65535 and at most 50 frames per second, got " +
        std::to_string(height) + " x " + std::to_string(width) + " at " +
        std::to_string(frames_per_s));
  }
  out_ << header(width, height);
}

void GifWriter::write(const uint8_t* rgb) {
  std::vector<uint32_t> now = packed(rgb, size_t(height_) * width_);
  const Rectangle box =
      frames_ == 0 ? Rectangle{0, 0, width_, height_} : changed(shown_, now, width_, height_);
  const auto end_cs = [&](int64_t frame) {  // rounding never adds up
    return std::lround(100.0 * static_cast<double>(frame) / frames_per_s_);
  };
  const auto delay_cs = static_cast<int>(end_cs(frames_ + 1) - end_cs(frames_));
  out_ << image(index_colours(cut_out(now, width_, box)), box, std::min(delay_cs, 65535));
  shown_ = std::move(now);
  ++frames_;
}

void GifWriter::finish() {
  out_ << '\x3b' << std::flush;
}

}  // namespace mint::perception
