#include "training/command_line.h"

int main(int argc, char** argv) { return mint::training::run_command_line(argc, argv); }
