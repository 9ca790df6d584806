// The last step of writing pictures and films: under their own name they are there completely or
// not at all. (training/atomic_file.h does the same for what is small enough to hold.)
#pragma once

#include <string>

namespace mint::perception {

// Puts the finished file `partial` on the disk and gives it the name `file`, in the same folder.
// Throws std::runtime_error `file: cannot be written: <reason>`.
void finish_file(const std::string& partial, const std::string& file);

}  // namespace mint::perception
