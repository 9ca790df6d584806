// One table that says how near the environments are to the original, printed by
// `ctest -L fidelity`.
//
// A test that holds something to its tolerance records here what it measured, so that nothing is
// measured twice. After the last test the program prints the table, the failed tests below it, and
// writes both into the file that $MINT_FIDELITY_TABLE names, from which CTest prints it. What was
// not measured is "-".
#pragma once

#include <string>
#include <vector>

namespace mint::tests {

enum class FidelityColumn {
  kScores,      // scoring cases equal/total
  kFrames384,   // both cameras: most pixels off, largest difference, mean difference
  kFrames96,    // the same
  kPrimitives,  // mean largest deviation/the original's spread, of robot and blocks
  kTolerance,   // primitives within their tolerance/total
  kReplays,     // demonstrations that reach 1.0/total
  kWindows,     // median/90th percentile after 5 steps, of robot and farthest block
  kDisturbed,   // mean score of disturbed replays/the original's
};

struct FidelityCell {
  std::string row;  // a task, "all tasks" or a group of primitives
  FidelityColumn column = FidelityColumn::kScores;
  std::string text;
};

// Call it from a test; a second record of the same cell by one test replaces the first.
void record_fidelity(const std::string& row, FidelityColumn column, const std::string& text);

// Rows in the order in which they first occur. Ends in a newline.
std::string fidelity_table(const std::vector<FidelityCell>& cells);

// "0.0123": a number for a cell.
std::string with_digits(double value, int digits);

}  // namespace mint::tests
