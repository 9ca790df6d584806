#include "envs/surface.h"

#include <stdexcept>
#include <string>

namespace mint::envs {

Surface make_surface(Image& image) {
  Surface surface(SDL_CreateRGBSurfaceWithFormatFrom(image.rgb.data(), image.width, image.height,
                                                     24, 3 * image.width, SDL_PIXELFORMAT_RGB24));
  if (!surface) throw std::runtime_error(std::string("surface: ") + SDL_GetError());
  return surface;
}

}  // namespace mint::envs
