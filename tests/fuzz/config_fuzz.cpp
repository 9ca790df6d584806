// training/config.h: the input is a YAML file for a struct with every kind of field. What is
// accepted must survive being written into a run directory and read again.
#include "training/config.h"

#include "tests/fuzz/fuzz_input.h"

namespace mint::fuzz {

enum class Colour { kRed, kGreen };

struct Inner {
  int64_t steps = 5;
  double rate = 0.25;
  std::vector<double> scales = {0.5, 2};
};

struct Outer {
  bool is_on = true;
  int count = 3;
  uint64_t seed = 7;
  float ratio = 0.5f;
  std::string device = "cpu";
  std::string name = "a name";
  std::string needed = "something";
  std::vector<int64_t> sizes = {1, 2};
  std::vector<std::string> files = {"one", "two"};
  std::vector<std::string> colours = {"red"};
  Colour colour = Colour::kGreen;
  Inner inner;
};

void fields(training::Fields& f, Inner& c) {
  f.field("steps", c.steps, training::range(-10, 1e6), "a number of steps");
  f.field("rate", c.rate, training::above(0), "a rate");
  f.field("scales", c.scales, training::any_number(), "scales");
}

void fields(training::Fields& f, Outer& c) {
  f.field("is_on", c.is_on, "a switch");
  f.field("count", c.count, training::at_least(1), "a count");
  f.field("seed", c.seed, training::any_number(), "a seed");
  f.field("ratio", c.ratio, training::range(-1, 1), "a ratio");
  f.field("device", c.device, training::one_of({"cpu", "cuda"}), "a device");
  f.field("name", c.name, training::any_text(), "a name");
  f.field("needed", c.needed, training::required("a text"), "a text");
  f.field("sizes", c.sizes, training::at_least(0), "sizes");
  f.field("files", c.files, training::any_text(), "files");
  f.field("colours", c.colours, training::one_of({"red", "green"}), "colours");
  f.choice("colour", c.colour, {{"red", Colour::kRed}, {"green", Colour::kGreen}}, "a colour");
  f.group("inner", c.inner);
}

}  // namespace mint::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using mint::fuzz::Outer;
  std::string dumped;
  const bool is_read = mint::fuzz::is_accepted([&] {
    const std::string text(mint::fuzz::as_text(data, size));
    dumped = mint::training::dump_config(mint::training::parse_config<Outer>(text, "input.yaml"));
  });
  if (!is_read) return 0;
  std::string again;
  if (!mint::fuzz::is_accepted([&] {
        again = mint::training::dump_config(
            mint::training::parse_config<Outer>(dumped, "written.yaml"));
      }))
    mint::fuzz::report("what is written cannot be read:\n" + dumped);
  if (again != dumped) mint::fuzz::report("written:\n" + dumped + "read back:\n" + again);
  return 0;
}
