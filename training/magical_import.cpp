#include "training/magical_import.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <stdexcept>
#include <string>

#include "envs/draw.h"
#include "envs/image.h"
#include "envs/task.h"
#include "envs/world.h"
#include "training/pickle_reader.h"

namespace mint::training {
namespace {

using Kind = PickleValue::Kind;

constexpr const char* kTrajectory = "milbench.baselines.saved_trajectories MILBenchTrajectory";
constexpr const char* kReconstruct = "numpy.core.multiarray _reconstruct";
constexpr const char* kNdarray = "numpy ndarray";
constexpr const char* kDtype = "numpy dtype";
constexpr const char* kOrderedDict = "collections OrderedDict";

constexpr size_t kFullBytes = size_t{3} * envs::kFullSize_px * envs::kFullSize_px;

// The longest task has 240 steps. A file that names one frame again and again stays small itself,
// so the number of frames needs a limit of its own.
constexpr int64_t kMaxSteps = 2000;

std::string quoted(const std::string& text) {
  return '"' + text + '"';
}

// The values of a file, read with the shapes that a demonstration has.
class Document {
 public:
  explicit Document(const std::filesystem::path& file) : name_(file.string()) {
    PickleRules rules;
    rules.classes = {kTrajectory, kReconstruct, kNdarray, kDtype, kOrderedDict};
    rules.large_bytes = kFullBytes;
    rules.reduce = [](const uint8_t* bytes) {
      std::string frame(envs::kObservationBytes, '\0');
      envs::downsample(bytes, reinterpret_cast<uint8_t*>(frame.data()));
      return frame;
    };
    pickle_ = read_pickle(file, rules);
  }

  const PickleValue& root() const { return value(pickle_.root); }

  [[noreturn]] void fail(const PickleValue& at, const std::string& expected,
                         const std::string& got) const {
    throw std::runtime_error(name_ + ": byte " + std::to_string(at.position) + ": expected " +
                             expected + ", got " + got);
  }

  const PickleValue& value(uint32_t index) const { return pickle_.values[index]; }

  const PickleValue& need(const PickleValue& v, Kind kind, const std::string& what) const {
    if (v.kind != kind) fail(v, what + " as " + to_string(kind), to_string(v.kind));
    return v;
  }

  // The value of a dict or an OrderedDict under a string key.
  const PickleValue& field(const PickleValue& dict, const std::string& key) const {
    for (size_t i = dict.items.size(); i >= 2; i -= 2) {  // the last one holds, as in Python
      const PickleValue& k = value(dict.items[i - 2]);
      if (k.kind == Kind::kString && k.text == key) return value(dict.items[i - 1]);
    }
    fail(dict, "the key " + quoted(key), "a dict without it");
  }

  const PickleValue& item(const PickleValue& sequence, size_t i) const {
    return value(sequence.items[i]);
  }

  // A tuple of exactly `size` values.
  const PickleValue& tuple(const PickleValue& v, size_t size, const std::string& what) const {
    need(v, Kind::kTuple, what);
    if (v.items.size() != size) {
      fail(v, what + " with " + std::to_string(size) + " values", std::to_string(v.items.size()));
    }
    return v;
  }

  const PickleValue& list(const PickleValue& v, size_t size, const std::string& what) const {
    need(v, Kind::kList, what);
    if (v.items.size() != size) {
      fail(v, what + " with " + std::to_string(size) + " values", std::to_string(v.items.size()));
    }
    return v;
  }

  // An object made by `callee`; returns its arguments.
  const PickleValue& call(const PickleValue& v, const char* callee, const std::string& what) const {
    need(v, Kind::kObject, what);
    const std::string& got = value(v.callee).text;
    if (got != callee) fail(v, what + " as " + quoted(callee), quoted(got));
    return value(v.arguments);
  }

  const PickleValue& state(const PickleValue& v, size_t size, const std::string& what) const {
    if (v.state == PickleValue::kAbsent) fail(v, what + " with a state", "one without");
    return tuple(value(v.state), size, what + "'s state");
  }

  bool is_int(const PickleValue& v, int64_t number) const {
    return v.kind == Kind::kInt && v.integer == number;
  }
  bool is_text(const PickleValue& v, Kind kind, const char* text) const {
    return v.kind == kind && v.text == text;
  }

  // The bytes of a NumPy array in C order with exactly this shape and dtype ('<', "i8").
  const PickleValue& array(const PickleValue& v, const char* order, const char* type,
                           const std::vector<int64_t>& shape, Kind bytes,
                           const std::string& what) const {
    const PickleValue& made = tuple(call(v, kReconstruct, what), 3, what);
    const PickleValue& empty = tuple(item(made, 1), 1, what);
    if (!is_text(item(made, 0), Kind::kClass, kNdarray) || !is_int(item(empty, 0), 0) ||
        !is_text(item(made, 2), Kind::kBytes, "b")) {
      fail(v, what + " as a NumPy array", "other arguments");
    }
    const PickleValue& content = state(v, 5, what);  // version, shape, dtype, Fortran order, bytes
    if (!is_int(item(content, 0), 1)) fail(v, what + " as an array of version 1", "another");
    require_shape(item(content, 1), shape, what);
    require_dtype(item(content, 2), order, type, what);
    need(item(content, 3), Kind::kFalse, what + "'s Fortran order");
    return need(item(content, 4), bytes, what + "'s data");
  }

  // The actions' array says how long the demonstration is.
  int64_t array_length(const PickleValue& v, const std::string& what) const {
    call(v, kReconstruct, what);
    const PickleValue& shape = tuple(item(state(v, 5, what), 1), 1, what + "'s shape");
    return need(item(shape, 0), Kind::kInt, what + "'s length").integer;
  }

 private:
  void require_shape(const PickleValue& v, const std::vector<int64_t>& shape,
                     const std::string& what) const {
    tuple(v, shape.size(), what + "'s shape");
    for (size_t i = 0; i < shape.size(); ++i) {
      const PickleValue& size = need(item(v, i), Kind::kInt, what + "'s size");
      if (size.integer != shape[i]) {
        fail(v, what + "'s size " + std::to_string(shape[i]), std::to_string(size.integer));
      }
    }
  }

  void require_dtype(const PickleValue& v, const char* order, const char* type,
                     const std::string& what) const {
    const std::string expected = what + " of dtype " + order + type;
    const PickleValue& made = tuple(call(v, kDtype, expected), 3, expected);
    const PickleValue& details = state(v, 8, expected);
    const bool is_plain = is_int(item(details, 0), 3) && item(details, 2).kind == Kind::kNone &&
                          item(details, 3).kind == Kind::kNone &&
                          item(details, 4).kind == Kind::kNone;
    if (!is_plain || !is_text(item(made, 0), Kind::kString, type) ||
        !is_text(item(details, 1), Kind::kString, order)) {
      fail(v, expected, "another");
    }
  }

  std::string name_;
  Pickle pickle_;
};

std::vector<int> read_actions(const Document& document, const PickleValue& array) {
  const int64_t length = document.array_length(array, "acts");
  const PickleValue& data = document.array(array, "<", "i8", {length}, Kind::kBytes, "acts");
  if (length < 1 || length > kMaxSteps) {
    document.fail(array, "1 to " + std::to_string(kMaxSteps) + " actions", std::to_string(length));
  }
  if (data.text.size() != static_cast<uint64_t>(length) * sizeof(int64_t)) {
    document.fail(data, std::to_string(length) + " actions of 8 bytes",
                  std::to_string(data.text.size()) + " bytes");
  }
  std::vector<int> actions;
  for (int64_t i = 0; i < length; ++i) {
    int64_t action = 0;
    std::memcpy(&action, &data.text[i * sizeof action], sizeof action);
    if (action < 0 || action >= envs::kActions) {
      document.fail(data, "action " + std::to_string(i) + " in 0..17", std::to_string(action));
    }
    actions.push_back(static_cast<int>(action));
  }
  return actions;
}

void read_frames(const Document& document, const PickleValue& observations, Episode& episode) {
  const size_t count = episode.actions.size() + 1;
  document.list(observations, count, "obs");
  episode.height = episode.width = envs::kObservationSize_px;
  episode.frames.reserve(count * envs::kObservationBytes);
  for (size_t t = 0; t < count; ++t) {
    const std::string what = "obs[" + std::to_string(t) + "]";
    const PickleValue& views = document.item(observations, t);
    document.call(views, kOrderedDict, what);
    for (const char* view : {"allo", "ego"}) {
      const PickleValue& frame = document.array(document.field(views, view), "|", "u1",
                                                {envs::kFullSize_px, envs::kFullSize_px, 3},
                                                Kind::kLargeBytes, what + "." + view);
      if (view == std::string("ego")) continue;  // only has to be there
      episode.frames.insert(episode.frames.end(), frame.text.begin(), frame.text.end());
    }
  }
}

std::string read_env_name(const Document& document, const PickleValue& name) {
  const bool is_plain = std::all_of(name.text.begin(), name.text.end(),
                                    [](unsigned char c) { return std::isalnum(c) || c == '-'; });
  try {
    if (is_plain) return envs::to_string(envs::parse_env_name(name.text));
  } catch (const std::invalid_argument&) {
    // the same complaint, with the place in the file
  }
  document.fail(name, "env_name like MakeLine-Demo-v0", is_plain ? quoted(name.text) : "others");
}

}  // namespace

Episode read_magical_demonstration(const std::filesystem::path& file) {
  const Document document(file);
  const PickleValue& root = document.need(document.root(), Kind::kDict, "a demonstration");
  const PickleValue& trajectory = document.field(root, "trajectory");
  const PickleValue& parts =
      document.tuple(document.call(trajectory, kTrajectory, "trajectory"), 4, "trajectory");

  Episode episode;
  episode.source = "magical:" + file.filename().string();
  const PickleValue& name =
      document.need(document.field(root, "env_name"), Kind::kString, "env_name");
  episode.env_name = read_env_name(document, name);
  const PickleValue& score = document.need(document.field(root, "score"), Kind::kFloat, "score");
  if (!(score.real >= 0 && score.real <= 1)) {
    document.fail(score, "a score in [0, 1]", std::to_string(score.real));
  }
  episode.score = score.real;
  episode.actions = read_actions(document, document.item(parts, 0));
  read_frames(document, document.item(parts, 1), episode);
  document.list(document.item(parts, 2), episode.actions.size(), "rews");
  document.list(document.item(parts, 3), episode.actions.size(), "infos");
  return episode;
}

std::vector<std::filesystem::path> find_magical_demonstrations(const std::filesystem::path& path) {
  const std::string suffix = ".pkl.gz";
  if (!std::filesystem::exists(path)) {
    throw std::runtime_error(path.string() + ": expected a file or a folder, got nothing there");
  }
  if (!std::filesystem::is_directory(path)) return {path};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_regular_file() && name.size() > suffix.size() &&
        name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0) {
      files.push_back(entry.path());
    }
  }
  if (files.empty())
    throw std::runtime_error(path.string() + ": expected *.pkl.gz files, got none");
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace mint::training
