// Many two-sample tests judged together. A group of m comparisons fails when one of its m
// probabilities is below kLevel / m (Bonferroni), so that a right implementation fails with
// probability kLevel at most. Our samples have fixed seeds: a failure repeats.
#pragma once

#include <algorithm>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace mint::tests {

constexpr double kLevel = 0.001;

class Comparison {
 public:
  // `probability` of a difference at least as large between samples of one distribution.
  void add(const std::string& what, double probability) { all_.emplace_back(probability, what); }

  // Prints the level and the smallest probability; fails the test for each that is below.
  void judge(const std::string& name) const {
    ASSERT_FALSE(all_.empty()) << name;
    const double level = kLevel / static_cast<double>(all_.size());
    const auto smallest = std::min_element(all_.begin(), all_.end());
    std::cout << "[ LEVEL    ] " << name << ": " << all_.size() << " comparisons at " << level
              << " each (" << kLevel << " in all), smallest probability " << smallest->first
              << " of " << smallest->second << "\n";
    for (const auto& [probability, what] : all_) EXPECT_GE(probability, level) << what;
  }

 private:
  std::vector<std::pair<double, std::string>> all_;
};

}  // namespace mint::tests
