#include "agents/experts/move_to_region.h"

#include "agents/experts/motion.h"

namespace mint::experts {
namespace {

constexpr double kSpread = 0.5;  // of the target place, fraction of the region's half sizes

class MoveToRegion : public Expert {
 public:
  explicit MoveToRegion(const envs::Vec2& offset) : offset_(offset) {}

  int act(const envs::Scene& scene, const envs::State& state, int) override {
    const envs::Region& region = scene.regions.at(scene.goal_region);
    const envs::Vec2 target = {region.x + region.w / 2 * (1 + offset_.x),
                               region.y - region.h / 2 * (1 + offset_.y)};
    return envs::encode_action(drive_to(state, target));
  }

 private:
  envs::Vec2 offset_;  // of the target from the centre, fraction of the half sizes
};

}  // namespace

std::unique_ptr<Expert> move_to_region_expert(envs::Random& random, const ExpertOptions& options) {
  envs::Vec2 offset;
  if (!options.deterministic) {
    offset.x = random.uniform(-kSpread, kSpread);
    offset.y = random.uniform(-kSpread, kSpread);
  }
  return std::make_unique<MoveToRegion>(offset);
}

}  // namespace mint::experts
