#include "perception/gif.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include <gif_lib.h>

namespace mint::perception {
namespace {

constexpr int kMaxColours = 256;
constexpr size_t kMaxFlatColours = 192;  // the others of a frame want some, too

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

GifColorType colour_of(uint32_t pixel) {
  return {static_cast<GifByteType>(pixel >> 16 & 255), static_cast<GifByteType>(pixel >> 8 & 255),
          static_cast<GifByteType>(pixel & 255)};
}

struct IndexedPixels {
  std::vector<GifColorType> table;   // 1 to 256 colours
  std::vector<GifPixelType> pixels;  // places in the table
};

IndexedPixels with_exact_colours(const std::vector<uint32_t>& pixels,
                                 const std::vector<uint32_t>& colours) {
  IndexedPixels result;
  for (const uint32_t colour : colours) result.table.push_back(colour_of(colour));
  for (const uint32_t pixel : pixels) {
    const auto place = std::lower_bound(colours.begin(), colours.end(), pixel);
    result.pixels.push_back(static_cast<GifPixelType>(place - colours.begin()));
  }
  return result;
}

// The colours of areas, of at least a thousandth of the pixels each, in rising order.
std::vector<uint32_t> flat_colours(std::vector<uint32_t> pixels) {
  std::sort(pixels.begin(), pixels.end());
  std::vector<std::pair<std::ptrdiff_t, uint32_t>> counted;
  for (auto first = pixels.begin(); first != pixels.end();) {
    const auto last = std::upper_bound(first, pixels.end(), *first);
    counted.emplace_back(last - first, *first);
    first = last;
  }
  std::sort(counted.rbegin(), counted.rend());
  std::vector<uint32_t> flat;
  for (const auto& [count, colour] : counted) {
    if (flat.size() == kMaxFlatColours || size_t(count) * 1000 < pixels.size()) break;
    flat.push_back(colour);
  }
  std::sort(flat.begin(), flat.end());
  return flat;
}

// giflib keeps five bits of a channel, which shows where areas are concerned: those stay exact.
IndexedPixels with_near_colours(const std::vector<uint32_t>& pixels) {
  const std::vector<uint32_t> flat = flat_colours(pixels);
  const auto is_flat = [&](uint32_t pixel) {
    return std::binary_search(flat.begin(), flat.end(), pixel);
  };
  std::vector<GifByteType> red, green, blue;
  for (const uint32_t pixel : pixels) {
    if (is_flat(pixel)) continue;
    const GifColorType colour = colour_of(pixel);
    red.push_back(colour.Red);
    green.push_back(colour.Green);
    blue.push_back(colour.Blue);
  }
  int colours = kMaxColours - static_cast<int>(flat.size());
  std::vector<GifColorType> near_colours(static_cast<size_t>(colours));
  std::vector<GifPixelType> near_pixels(red.size());
  if (GifQuantizeBuffer(static_cast<unsigned>(red.size()), 1, &colours, red.data(), green.data(),
                        blue.data(), near_pixels.data(), near_colours.data()) == GIF_ERROR) {
    throw std::bad_alloc();  // its only failure
  }
  IndexedPixels result = with_exact_colours({}, flat);
  result.table.insert(result.table.end(), near_colours.begin(), near_colours.begin() + colours);
  auto next = near_pixels.begin();
  for (const uint32_t pixel : pixels) {
    const auto place = std::lower_bound(flat.begin(), flat.end(), pixel) - flat.begin();
    result.pixels.push_back(static_cast<GifPixelType>(
        is_flat(pixel) ? place : static_cast<std::ptrdiff_t>(flat.size() + *next++)));
  }
  return result;
}

IndexedPixels indexed(const std::vector<uint32_t>& pixels) {
  std::vector<uint32_t> colours(pixels);
  colours.erase(std::unique(colours.begin(), colours.end()), colours.end());  // neighbours first
  std::sort(colours.begin(), colours.end());
  colours.erase(std::unique(colours.begin(), colours.end()), colours.end());
  return colours.size() <= kMaxColours ? with_exact_colours(pixels, colours)
                                       : with_near_colours(pixels);
}

// giflib wants a power of two entries.
struct ColourMap {
  explicit ColourMap(const std::vector<GifColorType>& colours)
      : map(GifMakeMapObject(1 << GifBitSize(static_cast<int>(colours.size())), nullptr)) {
    if (!map) throw std::bad_alloc();
    std::copy(colours.begin(), colours.end(), map->Colors);
  }
  ~ColourMap() { GifFreeMapObject(map); }
  ColourMap(const ColourMap&) = delete;
  ColourMap& operator=(const ColourMap&) = delete;

  ColorMapObject* map;
};

int to_stream(GifFileType* file, const GifByteType* bytes, int count) {
  auto& out = *static_cast<std::ostream*>(file->UserData);
  out.write(reinterpret_cast<const char*>(bytes), count);
  return out ? count : 0;
}

void put_endless_loop(GifFileType* file) {
  constexpr char kName[] = "NETSCAPE2.0";
  constexpr GifByteType kForEver[] = {1, 0, 0};
  EGifPutExtensionLeader(file, APPLICATION_EXT_FUNC_CODE);
  EGifPutExtensionBlock(file, sizeof kName - 1, kName);
  EGifPutExtensionBlock(file, sizeof kForEver, kForEver);
  EGifPutExtensionTrailer(file);
}

void put_delay(GifFileType* file, int delay_cs) {
  GifByteType bytes[4];
  const GraphicsControlBlock control = {DISPOSE_DO_NOT, false, delay_cs, NO_TRANSPARENT_COLOR};
  const size_t length = EGifGCBToExtension(&control, bytes);
  EGifPutExtension(file, GRAPHICS_EXT_FUNC_CODE, static_cast<int>(length), bytes);
}

}  // namespace

void GifWriter::Close::operator()(GifFileType* file) const {
  EGifCloseFile(file, nullptr);
}

GifWriter::GifWriter(std::ostream& out, int height, int width, double frames_per_s)
    : out_(out), height_(height), width_(width), frames_per_s_(frames_per_s) {
  const bool has_size = height > 0 && width > 0 && height <= 65535 && width <= 65535;
  if (!has_size || !(frames_per_s > 0 && frames_per_s <= 50)) {
    throw std::invalid_argument(
        "GifWriter: expected sides of 1 to 65535 and at most 50 frames per second, got " +
        std::to_string(height) + " x " + std::to_string(width) + " at " +
        std::to_string(frames_per_s));
  }
  file_.reset(EGifOpen(&out_, to_stream, nullptr));
  if (!file_) throw std::bad_alloc();
  EGifSetGifVersion(file_.get(), true);
  EGifPutScreenDesc(file_.get(), width, height, 8, 0, nullptr);
  put_endless_loop(file_.get());
}

void GifWriter::write(const uint8_t* rgb) {
  std::vector<uint32_t> now = packed(rgb, size_t(height_) * width_);
  const Rectangle box =
      frames_ == 0 ? Rectangle{0, 0, width_, height_} : changed(shown_, now, width_, height_);
  const auto end_cs = [&](int64_t frame) {  // rounding never adds up
    return std::lround(100.0 * static_cast<double>(frame) / frames_per_s_);
  };
  const auto delay_cs = static_cast<int>(end_cs(frames_ + 1) - end_cs(frames_));
  put_delay(file_.get(), std::min(delay_cs, 65535));
  IndexedPixels frame = indexed(cut_out(now, width_, box));
  const ColourMap colours(frame.table);
  const int width = box.right - box.left;
  bool is_put = EGifPutImageDesc(file_.get(), box.left, box.top, width, box.bottom - box.top, false,
                                 colours.map) == GIF_OK;
  for (int row = 0; is_put && row < box.bottom - box.top; ++row) {
    is_put = EGifPutLine(file_.get(), frame.pixels.data() + size_t(row) * width, width) == GIF_OK;
  }
  if (!is_put) out_.setstate(std::ios::badbit);  // also when it was not the stream that failed
  shown_ = std::move(now);
  ++frames_;
}

void GifWriter::finish() {
  file_.reset();
  out_ << std::flush;
}

}  // namespace mint::perception
