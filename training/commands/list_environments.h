// `mint play --list`.
#pragma once

namespace mint::training {

// Prints every task in every variant, a line each: the environment's name, the length of an
// episode, whether there is an expert; then the preprocessors that any name may have.
void list_environments();

}  // namespace mint::training
