#include "perception/runtime.h"
#include "training/command_line.h"

int main(int argc, char** argv) {
  mint::perception::start_runtime();
  return mint::training::run_command_line(argc, argv);
}
