#include "envs/variant.h"

#include <array>
#include <cassert>
#include <stdexcept>
#include <utility>

namespace mint::envs {
namespace {

struct NamedVariation {
  const char* name;
  Variation variation;
};

constexpr bool kYes = true;
constexpr bool kNo = false;

constexpr std::array<NamedVariation, 8> kVariants = {{
    //                 jitter layout colour shape count dynamics
    {"Demo", {kNo, kNo, kNo, kNo, kNo, kNo}},
    {"TestJitter", {kYes, kNo, kNo, kNo, kNo, kNo}},
    {"TestColour", {kNo, kNo, kYes, kNo, kNo, kNo}},
    {"TestShape", {kNo, kNo, kNo, kYes, kNo, kNo}},
    {"TestLayout", {kNo, kYes, kNo, kNo, kNo, kNo}},
    {"TestCountPlus", {kNo, kYes, kYes, kYes, kYes, kNo}},
    {"TestDynamics", {kNo, kNo, kNo, kNo, kNo, kYes}},
    {"TestAll", {kYes, kYes, kYes, kYes, kYes, kYes}},
}};

constexpr int kValues = 4;  // colours and shapes that the tasks draw from

// Fills `values` with one of each of the four and independent ones, shuffled.
std::vector<int> draw_all_four(size_t n, Random& random) {
  assert(n >= kValues);
  std::vector<int> values(n);
  for (size_t i = 0; i < n; ++i) {
    values[i] = i < kValues ? static_cast<int>(i) : random.below(kValues);
  }
  for (size_t i = n - 1; i > 0; --i) {
    std::swap(values[i], values[random.below(static_cast<int>(i) + 1)]);
  }
  return values;
}

}  // namespace

Variation variation_of(const std::string& variant) {
  std::string known;
  for (const NamedVariation& v : kVariants) {
    if (variant == v.name) return v.variation;
    known += (known.empty() ? "" : ", ") + std::string(v.name);
  }
  throw std::invalid_argument("variant: expected one of " + known + ", got \"" + variant + "\"");
}

std::vector<std::string> every_variant() {
  std::vector<std::string> names;
  for (const NamedVariation& v : kVariants) names.push_back(v.name);
  return names;
}

Colour draw_colour(Random& random) {
  return static_cast<Colour>(random.below(kValues));
}

Shape draw_shape(Random& random) {
  return static_cast<Shape>(random.below(kValues));
}

void draw_colours(std::vector<Block>& blocks, Random& random) {
  for (Block& block : blocks) block.colour = draw_colour(random);
}

void draw_shapes(std::vector<Block>& blocks, Random& random) {
  for (Block& block : blocks) block.shape = draw_shape(random);
}

void draw_colours_of_all_four(std::vector<Block>& blocks, Random& random) {
  const std::vector<int> values = draw_all_four(blocks.size(), random);
  for (size_t i = 0; i < values.size(); ++i) blocks[i].colour = static_cast<Colour>(values[i]);
}

void draw_shapes_of_all_four(std::vector<Block>& blocks, Random& random) {
  const std::vector<int> values = draw_all_four(blocks.size(), random);
  for (size_t i = 0; i < values.size(); ++i) blocks[i].shape = static_cast<Shape>(values[i]);
}

Dynamics draw_dynamics(Random& random) {
  Dynamics dynamics;
  dynamics.drive_force = random.uniform(2.2, 3.5);
  dynamics.steering_torque = random.uniform(0.7, 1.5);
  dynamics.finger_torque = random.uniform(2.5, 4.5);
  dynamics.block_linear_friction = random.uniform(1.0, 1.8);
  dynamics.block_angular_friction = random.uniform(0.07, 0.15);
  return dynamics;
}

}  // namespace mint::envs
