// What a variant's name randomises, and the draws of colours, shapes and dynamics that the tasks
// share (sections 9 and 10 of the MAGICAL page). Layouts are drawn by envs/placement.h.
#pragma once

#include <string>
#include <vector>

#include "envs/random.h"
#include "envs/scene.h"

namespace mint::envs {

// What a variant draws anew. A task knows nothing of what it has no variant for and ignores it;
// TestAll asks for everything, and a free layout leaves nothing to jitter.
struct Variation {
  bool jitter = false;    // poses and region sizes, a little around Demo
  bool layout = false;    // poses and region sizes, anywhere
  bool colour = false;    // of blocks and regions
  bool shape = false;     // of blocks
  bool count = false;     // of blocks, and of FixColour's regions
  bool dynamics = false;  // forces and frictions, in the same way for every task
};

// Throws std::invalid_argument that lists the known names: Demo, TestJitter, TestColour, TestShape,
// TestLayout, TestCountPlus, TestDynamics, TestAll.
Variation variation_of(const std::string& variant);

// All of the names above, in that order.
std::vector<std::string> every_variant();

Colour draw_colour(Random& random);  // uniform over red, green, blue, yellow
Shape draw_shape(Random& random);    // uniform over square, pentagon, star, circle

// Independent draws for all `blocks`.
void draw_colours(std::vector<Block>& blocks, Random& random);
void draw_shapes(std::vector<Block>& blocks, Random& random);

// As above, but each of the four values occurs: one of each and independent ones for the rest,
// shuffled. At least four blocks.
void draw_colours_of_all_four(std::vector<Block>& blocks, Random& random);
void draw_shapes_of_all_four(std::vector<Block>& blocks, Random& random);

// Uniform within the ranges of section 9.
Dynamics draw_dynamics(Random& random);

}  // namespace mint::envs
