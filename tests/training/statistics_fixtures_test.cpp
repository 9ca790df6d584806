#include "training/statistics.h"

#include <gtest/gtest.h>

#include "tests/support/fixtures.h"

namespace mint::training {
namespace {

TEST(StatisticsFixtures, SeedsAndVideosAggregateAsStored) {
  MINT_FIXTURES(folder, "baselines/metrics");
  const auto entry = tests::read_json(folder / "aggregation.json");
  const auto values = entry.at("per_seed_per_video").get<std::vector<std::vector<double>>>();

  const SeedStatistics found = seed_statistics(values);

  const auto number = [&](const char* name) { return entry.at(name).get<double>(); };
  EXPECT_NEAR(found.pooled_mean, number("pooled_mean"), 1e-9);
  EXPECT_NEAR(found.pooled_deviation, number("pooled_std_ddof1"), 1e-9);
  EXPECT_NEAR(found.reported_interval, number("reported_interval"), 1e-9);
  EXPECT_EQ(found.over_seeds.count, entry.at("number_of_seeds").get<int64_t>());
  EXPECT_NEAR(found.over_seeds.mean, number("mean_over_seeds"), 1e-9);
  EXPECT_NEAR(found.over_seeds.deviation, number("std_of_seed_means_ddof1"), 1e-9);
  const double half = (found.over_seeds.ci95_upper - found.over_seeds.ci95_lower) / 2;
  EXPECT_NEAR(half, number("t95_halfwidth_over_seed_means"), 1e-9);
  tests::report_cases("aggregations", 1);
}

}  // namespace
}  // namespace mint::training
