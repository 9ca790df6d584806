#include "training/environment_report.h"

#include <SDL_version.h>
#include <box2d/b2_common.h>
#include <hdf5.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <ATen/Context.h>
#include <torch/cuda.h>
#include <opencv2/core/utility.hpp>

#include "perception/device.h"
#include "perception/runtime.h"

namespace mint::training {
namespace {

std::string dotted(int major, int minor, int patch) {
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

// What follows "key", spaces and a colon in a file of such lines; empty when it is not there.
std::string value_in_file(const std::filesystem::path& file, const std::string& key) {
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    const size_t colon = line.find(':');
    if (colon == std::string::npos || line.compare(0, key.size(), key) != 0) continue;
    const size_t start = line.find_first_not_of(" \t", colon + 1);
    return start == std::string::npos ? "" : line.substr(start);
  }
  return "";
}

std::string first_line(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return line;
}

EnvironmentItem library_versions() {
  SDL_version sdl;
  SDL_GetVersion(&sdl);
  unsigned hdf5[3] = {};
  H5get_libversion(&hdf5[0], &hdf5[1], &hdf5[2]);
  std::ostringstream text;
  text << perception::torch_version() << ", OpenCV " << cv::getVersionString() << ", Box2D "
       << dotted(b2_version.major, b2_version.minor, b2_version.revision) << ", SDL "
       << dotted(sdl.major, sdl.minor, sdl.patch) << ", HDF5 " << hdf5[0] << "." << hdf5[1] << "."
       << hdf5[2] << ", yaml-cpp " << MINT_YAML_CPP_VERSION << ", zlib " << zlibVersion();
  return {"libraries", text.str()};
}

EnvironmentItem compiler() {
#if defined(__clang__)
  std::string text = "Clang " __clang_version__;
#elif defined(__GNUC__)
  std::string text = "GCC " __VERSION__;
#else
  std::string text = "unknown";
#endif
#ifdef NDEBUG
  text += ", without assertions";
#else
  text += ", with assertions";
#endif
  return {"compiler", text};
}

EnvironmentItem operating_system() {
  utsname name = {};
  uname(&name);
  std::string distribution = "unknown";
  std::ifstream stream("/etc/os-release");
  const std::string key = "PRETTY_NAME=\"";
  for (std::string line; std::getline(stream, line);) {
    if (line.rfind(key, 0) == 0)
      distribution = line.substr(key.size(), line.size() - key.size() - 1);
  }
  return {"system", distribution + ", " + name.sysname + " " + name.release};
}

EnvironmentItem processor() {
  std::string model = value_in_file("/proc/cpuinfo", "model name");
  if (model.empty()) model = "unknown model";
  const auto cores = std::to_string(std::thread::hardware_concurrency());
  EnvironmentItem item = {"processor", model + ", " + cores + " cores"};
#if defined(__x86_64__)
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool has_avx512 = __builtin_cpu_supports("avx512f");
  item.detail += has_avx512 ? ", AVX2, AVX-512" : has_avx2 ? ", AVX2, no AVX-512" : ", no AVX2";
  if (!has_avx2) {
    item.health = Health::kSlow;
    item.remedy = "another machine; vector code falls back to SSE2 here";
  }
#endif
  return item;
}

EnvironmentItem memory() {
  constexpr double kNeeded_GiB = 3;
  const double bytes = double(sysconf(_SC_PHYS_PAGES)) * double(sysconf(_SC_PAGESIZE));
  const double gib = bytes / (1 << 30);
  std::ostringstream text;
  text.precision(1);
  text << std::fixed << gib << " GiB";
  if (gib >= kNeeded_GiB) return {"memory", text.str()};
  return {"memory", text.str() + ", mint quickstart takes up to 3 GiB", Health::kSlow,
          "a smaller batch: mint pretrain batch=8"};
}

EnvironmentItem blas() {
  if (at::hasMKL()) return {"BLAS", "MKL"};  // upstream builds of LibTorch
  const auto report = perception::blas_report();
  // OpenBLAS may be in the process for LAPACK alone, while sgemm comes from elsewhere.
  const bool is_openblas = report.is_openblas && report.file.find("openblas") != std::string::npos;
  if (is_openblas) return {"BLAS", report.config + ", " + report.file};
  return {"BLAS", report.file + ", not OpenBLAS: training is 4 to 30 times slower", Health::kSlow,
          "apt-get install libopenblas0-pthread"};
}

EnvironmentItem cuda() {
  std::string gpu;
  std::error_code missing;
  for (const auto& entry :
       std::filesystem::directory_iterator("/proc/driver/nvidia/gpus", missing)) {
    gpu += (gpu.empty() ? "" : ", ") + value_in_file(entry.path() / "information", "Model");
  }
  const std::string driver = first_line("/proc/driver/nvidia/version");
  std::string compiler = find_program("nvcc");
  if (compiler.empty() && std::filesystem::exists("/usr/local/cuda/bin/nvcc", missing)) {
    compiler = "/usr/local/cuda/bin/nvcc";
  }
  std::string text = (gpu.empty() ? "no GPU" : gpu) + ", " +
                     (driver.empty() ? "no NVIDIA driver" : driver) + ", " +
                     (compiler.empty() ? "no nvcc" : compiler);
  text += ", entropy " + perception::describe_cuda_kernels();
  if (torch::cuda::is_available()) return {"CUDA", text + ", LibTorch uses it"};
  text += "; computing on the CPU";
  if (gpu.empty()) return {"CUDA", text};
  return {"CUDA", text + " although there is a GPU", Health::kSlow,
          "cmake --preset release -DCMAKE_PREFIX_PATH=<folder of upstream LibTorch with CUDA>"};
}

}  // namespace

std::vector<EnvironmentItem> describe_environment() {
  return {{"mint", MINT_VERSION},
          library_versions(),
          compiler(),
          operating_system(),
          processor(),
          memory(),
          blas(),
          cuda()};
}

std::string environment_text() {
  std::string text;
  for (const EnvironmentItem& item : describe_environment()) {
    text += item.name + ": " + item.detail + "\n";
  }
  return text;
}

std::string find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "");
  std::error_code hidden;  // of a folder that this user may not look into
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::filesystem::path file = std::filesystem::path(folder) / name;
    if (std::filesystem::is_regular_file(file, hidden) && ::access(file.c_str(), X_OK) == 0) {
      return file.string();
    }
  }
  return "";
}

}  // namespace mint::training
