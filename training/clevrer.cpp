#include "training/clevrer.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "training/atomic_file.h"
#include "training/printable_json.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using perception::FrameObjects;
using perception::RunLengthMask;

// CLEVRER has 48; more only make the search among them slow.
constexpr size_t kMostIdentities = 1000;
constexpr const char* kSplits[] = {"train", "validation", "test"};

// The last run of exactly five digits in a name.
std::optional<int> number_in(const std::string& name) {
  size_t end = name.size();
  while (end > 0) {
    while (end > 0 && !std::isdigit(static_cast<unsigned char>(name[end - 1]))) --end;
    size_t begin = end;
    while (begin > 0 && std::isdigit(static_cast<unsigned char>(name[begin - 1]))) --begin;
    if (end - begin == 5) return std::stoi(name.substr(begin, 5));
    end = begin;
  }
  return std::nullopt;
}

// Files with this extension in the folder and the folders in it, by number.
std::map<int, fs::path> numbered_files(const fs::path& folder, const std::string& extension) {
  std::map<int, fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name[0] == '.' || entry.path().extension() != extension || !entry.is_regular_file()) {
      continue;
    }
    const auto number = number_in(entry.path().stem().string());
    if (!number) continue;
    const auto [place, is_new] = files.emplace(*number, entry.path());
    if (!is_new) {
      const auto [first, second] = std::minmax(place->second, entry.path());
      throw std::runtime_error(second.string() + ": expected one file with this number, got " +
                               first.string() + ", too");
    }
  }
  return files;
}

// Reads one value of a proposal file and says where it stands when it is not as expected.
class Reader {
 public:
  explicit Reader(const fs::path& file) : file_(file.string()) {}

  [[noreturn]] void fail(const std::string& where, const std::string& what) const {
    throw std::runtime_error(file_ + ": " + (where.empty() ? "" : where + ": ") + what);
  }

  const json& member(const json& object, const char* name, const std::string& where) const {
    const auto found = object.is_object() ? object.find(name) : object.end();
    if (!object.is_object() || found == object.end()) {
      fail(where, std::string("expected \"") + name + "\", found none");
    }
    return *found;
  }

  const json& array(const json& object, const char* name, const std::string& where) const {
    const json& value = member(object, name, where);
    if (!value.is_array()) fail(dotted(where, name), "expected an array");
    return value;
  }

  std::string text(const json& object, const char* name, const std::string& where) const {
    const json& value = member(object, name, where);
    if (!value.is_string()) fail(dotted(where, name), "expected a text");
    return value.get<std::string>();
  }

  std::vector<int64_t> integers(const json& values, const std::string& where) const {
    std::vector<int64_t> result;
    for (const json& value : values) {
      if (!value.is_number_integer()) fail(where, "expected integers, got " + printable(value));
      result.push_back(value.get<int64_t>());
    }
    return result;
  }

  static std::string dotted(const std::string& where, const char* name) {
    return where + (where.empty() ? "" : ".") + name;
  }

 private:
  std::string file_;
};

RunLengthMask read_mask(const Reader& reader, const json& object, const std::string& in) {
  const json& mask = reader.member(object, "mask", in);
  const std::string where = in + ".mask";
  const auto size = reader.integers(reader.array(mask, "size", where), where + ".size");
  if (size.size() != 2) reader.fail(where + ".size", "expected [height, width]");
  const json& counts = reader.member(mask, "counts", where);
  try {
    if (counts.is_string()) {
      return RunLengthMask::from_compressed(size[0], size[1], counts.get_ref<const std::string&>());
    }
    if (counts.is_array()) {
      return RunLengthMask::from_counts(size[0], size[1],
                                        reader.integers(counts, where + ".counts"));
    }
  } catch (const std::invalid_argument& error) {
    reader.fail(where, error.what());
  }
  reader.fail(where + ".counts", "expected a text or an array");
}

// One file, read frame by frame.
class ProposalsReader {
 public:
  explicit ProposalsReader(const fs::path& file) : reader_(file) {}

  FrameObjects read_frame(const json& frame, const std::string& where) {
    FrameObjects objects;
    std::vector<double> scores;
    const json& listed = reader_.array(frame, "objects", where);
    for (size_t i = 0; i < listed.size(); ++i) {
      const std::string at = where + ".objects[" + std::to_string(i) + "]";
      const json& object = listed[i];
      const int identity = identity_of(object, at);
      const double score = score_of(object, at);
      RunLengthMask mask = read_mask(reader_, object, at);
      require_size(mask, at);
      const auto same = std::find_if(objects.begin(), objects.end(),
                                     [&](const auto& other) { return other.object == identity; });
      if (same == objects.end()) {
        objects.push_back({identity, std::move(mask)});
        scores.push_back(score);
      } else if (double& best = scores[same - objects.begin()]; score > best) {
        same->mask = std::move(mask);
        best = score;
      }
    }
    return objects;
  }

  const Reader& reader() const { return reader_; }
  const std::vector<std::string>& identities() const { return identities_; }

 private:
  int identity_of(const json& object, const std::string& where) {
    std::string name = reader_.text(object, "color", where);
    name += "_" + reader_.text(object, "material", where);
    name += "_" + reader_.text(object, "shape", where);
    const auto known = std::find(identities_.begin(), identities_.end(), name);
    const auto identity = static_cast<int>(known - identities_.begin());
    if (known == identities_.end()) {
      if (identities_.size() == kMostIdentities) {
        reader_.fail(where, "expected at most " + std::to_string(kMostIdentities) +
                                " kinds of objects, got another");
      }
      identities_.push_back(name);
    }
    return identity;
  }

  double score_of(const json& object, const std::string& where) const {
    const auto score = object.find("score");
    if (score == object.end()) return 0;
    if (!score->is_number()) reader_.fail(where + ".score", "expected a number");
    return score->get<double>();
  }

  void require_size(const RunLengthMask& mask, const std::string& where) {
    if (height_ == 0) {
      height_ = mask.height();
      width_ = mask.width();
    }
    if (mask.height() == height_ && mask.width() == width_) return;
    const auto size = [](int64_t h, int64_t w) {
      return "[" + std::to_string(h) + ", " + std::to_string(w) + "]";
    };
    reader_.fail(where + ".mask.size", "expected " + size(height_, width_) +
                                           " as in the file's first mask, got " +
                                           size(mask.height(), mask.width()));
  }

  Reader reader_;
  std::vector<std::string> identities_;
  int64_t height_ = 0, width_ = 0;  // of all masks; 0 before the first
};

}  // namespace

std::vector<ClevrerEntry> list_clevrer(const fs::path& root, const std::string& split) {
  std::map<int, fs::path> videos;
  bool has_folder = false;
  for (const char* name : kSplits) {
    const fs::path folder = root / (std::string("video_") + name);
    if ((!split.empty() && split != name) || !fs::is_directory(folder)) continue;
    has_folder = true;
    for (auto& [number, file] : numbered_files(folder, ".mp4")) {
      if (!videos.emplace(number, file).second) {
        throw std::runtime_error(file.string() + ": expected one video with this number, got " +
                                 videos[number].string() + ", too");
      }
    }
  }
  if (!has_folder || videos.empty()) {
    throw std::runtime_error(
        root.string() + ": expected CLEVRER's folder video_" +
        (split.empty() ? "train, video_validation or video_test" : split) +
        (has_folder ? " with videos video_00000.mp4, found no such video" : ", found none"));
  }
  std::map<int, fs::path> proposals;
  const fs::path folder = root / "derender_proposals";
  if (fs::is_directory(folder)) proposals = numbered_files(folder, ".json");
  std::vector<ClevrerEntry> entries;
  for (const auto& [number, video] : videos) {
    const auto found = proposals.find(number);
    entries.push_back({number, video, found == proposals.end() ? fs::path() : found->second});
  }
  return entries;
}

std::vector<FrameObjects> read_proposals(const fs::path& file,
                                         std::vector<std::string>* identities) {
  ProposalsReader proposals(file);
  const Reader& reader = proposals.reader();
  const json document = json::parse(read_file(file), nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded()) reader.fail("", "expected JSON, got damage");
  const json& listed = reader.array(document, "frames", "");
  std::vector<FrameObjects> frames;
  for (size_t i = 0; i < listed.size(); ++i) {
    const std::string where = "frames[" + std::to_string(i) + "]";
    if (listed[i].is_object() && listed[i].contains("frame_index") &&
        listed[i]["frame_index"] != i) {
      reader.fail(where + ".frame_index",
                  "expected " + std::to_string(i) + ", got " + printable(listed[i]["frame_index"]));
    }
    frames.push_back(proposals.read_frame(listed[i], where));
  }
  if (identities) *identities = proposals.identities();
  return frames;
}

}  // namespace mint::training
