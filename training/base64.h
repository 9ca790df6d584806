// Base64 (RFC 4648), for pictures and videos inside a page.
#pragma once

#include <string>
#include <string_view>

namespace mint::training {

std::string base64(std::string_view bytes);

}  // namespace mint::training
