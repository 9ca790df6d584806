#include "agents/experts/expert.h"

#include <algorithm>
#include <iterator>
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
#include "agents/experts/plan_trials.h"
#include "envs/random.h"

namespace mint::experts {
namespace {

struct Entry {
  const char* task;
  std::unique_ptr<Expert> (*make)(envs::Random&, const ExpertOptions&);
};

// The expert of a task that is a matter of which blocks go where.
template <auto kProposer>
std::unique_ptr<Expert> planning(envs::Random& random, const ExpertOptions& options) {
  return planning_expert(kProposer, options.deterministic ? envs::Random(0) : random);
}

constexpr Entry kExperts[] = {
    {"MoveToRegion", move_to_region_expert},
    {"MoveToCorner", planning<move_to_corner_plans>},
    {"MatchRegions", planning<match_regions_plans>},
    {"MakeLine", planning<make_line_plans>},
    {"FindDupe", planning<find_dupe_plans>},
    {"FixColour", planning<fix_colour_plans>},
    {"ClusterColour", planning<cluster_colour_plans>},
    {"ClusterShape", planning<cluster_shape_plans>},
};

}  // namespace

bool has_expert(const std::string& task) {
  return std::any_of(std::begin(kExperts), std::end(kExperts),
                     [&](const Entry& entry) { return task == entry.task; });
}

std::unique_ptr<Expert> make_expert(const envs::Scene& scene, uint64_t seed,
                                    const ExpertOptions& options) {
  envs::Random random(seed);
  std::string known;
  for (const Entry& entry : kExperts) {
    if (scene.task == entry.task) return entry.make(random, options);
    known += (known.empty() ? "" : ", ") + std::string(entry.task);
  }
  throw std::invalid_argument("make_expert: scene.task: expected one of " + known + ", got \"" +
                              scene.task + "\"");
}

}  // namespace mint::experts
