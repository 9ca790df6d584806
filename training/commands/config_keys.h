// The keys of the commands' configurations, a line each, for their --help.
#pragma once

#include <string>

namespace mint::training {

std::string quickstart_keys();
std::string pretrain_keys();
std::string clone_keys();
std::string fit_dynamics_keys();
std::string study_keys();

}  // namespace mint::training
