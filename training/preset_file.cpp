#include "training/preset_file.h"

namespace mint::training {

std::string preset_file(const std::string& name) {
  return std::string(MINT_CONFIGS) + "/" + name + ".yaml";
}

}  // namespace mint::training
