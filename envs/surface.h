// An image as an SDL surface: the form in which SDL blits, scales and saves pictures. Needs neither
// SDL_Init nor a display.
#pragma once

#include <memory>

#include <SDL.h>

#include "envs/image.h"

namespace mint::envs {

struct FreeSurface {
  void operator()(SDL_Surface* surface) const { SDL_FreeSurface(surface); }
};
using Surface = std::unique_ptr<SDL_Surface, FreeSurface>;

// A surface over the image's own pixels (RGB24): what draw() writes into the image stands in the
// surface. The image must outlive it and keep its size. Throws std::runtime_error.
Surface make_surface(Image& image);

}  // namespace mint::envs
