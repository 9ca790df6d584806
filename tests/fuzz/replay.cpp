// A fuzz target without a fuzzer: runs it over every file of the given folders, then over simple
// mutations of them, the same on every machine.
//
//   <name>_fuzz_replay MUTATIONS FOLDER...
//
// An input that ends the program is left in the file `finding` of the working directory.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

namespace fs = std::filesystem;

constexpr size_t kLargestInput = 1 << 16;  // bytes, of a mutation
constexpr double kPatience_s = 10;         // for one input

std::string current;  // the input in hand, for the signal handler

void leave_finding(int signal) {
  const int file = ::open("finding", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file >= 0 && ::write(file, current.data(), current.size()) >= 0) ::close(file);
  const char text[] = "the input is in the file `finding`\n";
  if (::write(STDERR_FILENO, text, sizeof(text) - 1) < 0) std::_Exit(1);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void run(const std::string& input) {
  current = input;
  const auto start = std::chrono::steady_clock::now();
  // A copy of exactly its size: the sanitizers then see a read beyond the end.
  const std::vector<uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
  if (passed.count() > kPatience_s) {
    std::fprintf(stderr, "finding: one input took %.0f s\n", passed.count());
    std::abort();
  }
}

std::vector<std::string> read_folder(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> inputs;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return inputs;
}

// One to four changes: a bit, a byte, a part taken out, doubled or taken from another seed.
std::string mutated(const std::vector<std::string>& seeds, std::mt19937& random) {
  const auto below = [&](size_t count) { return count == 0 ? 0 : random() % count; };
  std::string input = seeds[below(seeds.size())];
  for (size_t changes = 1 + below(4); changes > 0; --changes) {
    const size_t at = below(input.size());
    const size_t length = 1 + below(16);
    switch (below(5)) {
      case 0:
        if (!input.empty()) input[at] = static_cast<char>(input[at] ^ 1 << below(8));
        break;
      case 1:
        if (!input.empty()) input[at] = static_cast<char>(below(256));
        break;
      case 2:
        input.erase(at, length);
        break;
      case 3:
        input.insert(at, input.substr(at, length));
        break;
      default: {
        const std::string& other = seeds[below(seeds.size())];
        input.replace(at, length, other, below(other.size()), length);
      }
    }
  }
  input.resize(std::min(input.size(), kLargestInput));
  return input;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s MUTATIONS FOLDER...\n", argv[0]);
    return 2;
  }
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE}) std::signal(signal, leave_finding);
  std::vector<std::string> seeds;
  for (int i = 2; i < argc; ++i) {
    for (auto& input : read_folder(argv[i])) seeds.push_back(std::move(input));
  }
  if (seeds.empty()) {
    std::fprintf(stderr, "%s: no seeds\n", argv[2]);
    return 1;
  }
  for (const auto& seed : seeds) run(seed);
  const int mutations = std::atoi(argv[1]);
  std::mt19937 random(1);
  for (int i = 0; i < mutations; ++i) run(mutated(seeds, random));
  std::printf("%zu seeds and %d mutations\n", seeds.size(), mutations);
}
