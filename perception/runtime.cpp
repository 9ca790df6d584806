#include "perception/runtime.h"

#include <climits>
#include <cstdlib>
#include <memory>

#include <dlfcn.h>
#include <malloc.h>

#include <ATen/Parallel.h>
#include <c10/util/Exception.h>
#include <torch/version.h>
#include <opencv2/core/utils/logger.hpp>

namespace mint::perception {
namespace {

// The handler's interface and its setter differ between LibTorch 1 and 2.
class QuietWarnings : public c10::WarningHandler {
 public:
#if TORCH_VERSION_MAJOR >= 2
  void process(const c10::Warning&) override {}
#else
  void process(const c10::SourceLocation&, const std::string&, const bool) override {}
#endif
};

void drop_warnings() {
  static QuietWarnings handler;  // must outlive every use
#if TORCH_VERSION_MAJOR >= 2
  c10::WarningUtils::set_warning_handler(&handler);
#else
  c10::Warning::set_warning_handler(&handler);
#endif
}

// A symbol that only some libraries have; null where it is missing.
template <typename Function>
Function find_symbol(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
}

}  // namespace

void start_runtime(bool show_warnings) {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
  mallopt(M_TOP_PAD, 64 << 20);
#endif
  at::set_num_threads(1);
  if (auto set_threads = find_symbol<void (*)(int)>("openblas_set_num_threads")) set_threads(1);
  if (!show_warnings) {
    drop_warnings();
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", /*overwrite=*/0);  // probing codecs is noisy
  }
}

BlasReport blas_report() {
  BlasReport report;
  Dl_info info;
  void* sgemm = dlsym(RTLD_DEFAULT, "sgemm_");
  if (sgemm && dladdr(sgemm, &info) && info.dli_fname) {
    const std::unique_ptr<char, decltype(&std::free)> path(realpath(info.dli_fname, nullptr),
                                                           &std::free);
    report.file = path ? path.get() : info.dli_fname;
  }
  if (auto get_config = find_symbol<char* (*)()>("openblas_get_config")) {
    report.is_openblas = true;
    report.config = get_config();
  }
  return report;
}

std::string torch_version() {
  return std::string("LibTorch ") + TORCH_VERSION;
}

}  // namespace mint::perception
