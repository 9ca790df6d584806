// One line for a person from any exception.
#pragma once

#include <exception>
#include <string>

namespace mint::training {

// The message without LibTorch's backtrace, line breaks and other control characters; an error of
// the file system as `path: reason`.
std::string error_line(const std::exception& error);

}  // namespace mint::training
