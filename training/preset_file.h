// Where the committed configurations of the program's source are.
#pragma once

#include <string>

namespace mint::training {

// configs/<name>.yaml; whether it exists is for the reader to find out.
std::string preset_file(const std::string& name);

}  // namespace mint::training
