#include "training/command_line.h"

namespace mint::training {

int run_command_line(int, char**) { return 2; }

}  // namespace mint::training
