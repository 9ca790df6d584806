#include "training/train_once.h"

#include <string>

#include "training/atomic_file.h"
#include "training/run_directory.h"
#include "training/stopwatch.h"

namespace mint::training {

double train_once(const std::filesystem::path& folder, const std::filesystem::path& run,
                  const std::function<void()>& train) {
  const auto trained = folder / "trained.txt";
  if (!std::filesystem::exists(trained)) {
    const Stopwatch time;
    try {
      train();
    } catch (const OtherConfiguration&) {
      std::filesystem::remove_all(run);
      train();
    }
    write_file_atomically(trained, std::to_string(time.seconds()));
  }
  return std::stod(read_file(trained));
}

}  // namespace mint::training
