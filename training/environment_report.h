// What a run was computed with: versions, compiler, processor, BLAS, CUDA; and whether it is fit.
#pragma once

#include <string>
#include <vector>

namespace mint::training {

enum class Health { kOk, kSlow, kMissing };

struct EnvironmentItem {
  std::string name;    // "BLAS"
  std::string detail;  // "OpenBLAS 0.3.21 ..., /usr/lib/.../libopenblasp-r0.3.21.so"
  Health health = Health::kOk;
  std::string remedy = "";  // the command that mends it, when it is not ok
  bool is_needed = false;   // by the main job, which cannot run while this is missing
};

// Versions, compiler, processor, cores, memory, BLAS, CUDA. Takes milliseconds.
std::vector<EnvironmentItem> describe_environment();

// The same for a run's environment.txt: a line "name: detail" each.
std::string environment_text();

// The first program of that name on PATH; empty when there is none.
std::string find_program(const std::string& name);

}  // namespace mint::training
