#include "agents/experts/expert.h"

#include <stdexcept>
#include <string>

#include "agents/experts/cluster_colour.h"
#include "agents/experts/cluster_shape.h"
#include "agents/experts/find_dupe.h"
#include "agents/experts/fix_colour.h"
#include "agents/experts/make_line.h"
#include "agents/experts/match_regions.h"
#include "agents/experts/move_to_corner.h"
#include "agents/experts/move_to_region.h"
#include "envs/random.h"

namespace mint::experts {
namespace {

struct Entry {
  const char* task;
  std::unique_ptr<Expert> (*make)(const envs::Scene&, envs::Random&, const ExpertOptions&);
};

constexpr Entry kExperts[] = {
    {"MoveToRegion", move_to_region_expert},  {"MoveToCorner", move_to_corner_expert},
    {"MatchRegions", match_regions_expert},   {"MakeLine", make_line_expert},
    {"FindDupe", find_dupe_expert},           {"FixColour", fix_colour_expert},
    {"ClusterColour", cluster_colour_expert}, {"ClusterShape", cluster_shape_expert},
};

}  // namespace

std::unique_ptr<Expert> make_expert(const envs::Scene& scene, uint64_t seed,
                                    const ExpertOptions& options) {
  envs::Random random(seed);
  std::string known;
  for (const Entry& entry : kExperts) {
    if (scene.task == entry.task) return entry.make(scene, random, options);
    known += (known.empty() ? "" : ", ") + std::string(entry.task);
  }
  throw std::invalid_argument("make_expert: scene.task: expected one of " + known + ", got \"" +
                              scene.task + "\"");
}

}  // namespace mint::experts
