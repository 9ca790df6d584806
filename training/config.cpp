#include "training/config.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "training/config_value.h"

namespace mint::training {
namespace {

constexpr uintmax_t kLargestFile = 1 << 20;  // bytes; configurations are a few kilobytes

// Number of insertions, deletions, replacements and swaps of neighbours between two names.
size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

bool starts_with(const std::string& text, const std::string& prefix) {
  return text.compare(0, prefix.size(), prefix) == 0;
}

// The names one level below `prefix`, in declaration order.
std::vector<std::string> names_below(const std::vector<Field>& list, const std::string& prefix) {
  std::vector<std::string> names;
  for (const auto& field : list) {
    if (!starts_with(field.key, prefix)) continue;
    const std::string name =
        field.key.substr(prefix.size(), field.key.find('.', prefix.size()) - prefix.size());
    if (names.empty() || names.back() != name) names.push_back(name);
  }
  return names;
}

const Field* find_field(const std::vector<Field>& list, const std::string& key) {
  for (const auto& field : list)
    if (field.key == key) return &field;
  return nullptr;
}

[[noreturn]] void fail_unknown(const std::vector<Field>& list, const std::string& where,
                               const std::string& prefix, const std::string& name) {
  const auto siblings = names_below(list, prefix);
  std::string nearest;
  size_t best = std::max<size_t>(2, name.size() / 3) + 1;
  const auto consider = [&](const std::string& candidate, const std::string& shown) {
    // Every character that one has more costs a change; a name may be as long as a file.
    if (std::max(name.size(), candidate.size()) - std::min(name.size(), candidate.size()) >= best)
      return;
    const size_t distance = edit_distance(name, candidate);
    if (distance < best) {
      best = distance;
      nearest = shown;
    }
  };
  for (const auto& sibling : siblings) consider(sibling, sibling);
  for (const auto& field : list) {  // the right name in another group
    consider(field.key.substr(field.key.rfind('.') + 1), field.key);
  }
  throw ConfigError(where + ": " + prefix + name + ": unknown key; " +
                    (nearest.empty() ? "known keys: " + join(siblings, ", ")
                                     : "did you mean \"" + nearest + "\"?"));
}

// The words of a value, and how a message shows it.
struct Value {
  std::vector<std::string> words;
  std::string shown;
};

Value scalar_value(const Field& field, const std::string& text) {
  return {is_list(field) ? split_at_commas(text) : std::vector<std::string>{text}, text};
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text.size() > 80 ? text.substr(0, 77) + "..." : text;
}

std::string shown(const YAML::Node& node) {
  return one_line(YAML::Dump(node));
}

class YamlReader {
 public:
  YamlReader(const std::vector<Field>& list, const std::string& file) : list_(list), file_(file) {}

  void read_group(const YAML::Node& group, const std::string& prefix) {
    std::set<std::string> seen;
    for (const auto& entry : group) {
      if (!entry.first.IsScalar())
        throw ConfigError(where(entry.first), shown(entry.first), "a name", shown(entry.first));
      const std::string name = entry.first.Scalar();
      if (!seen.insert(name).second)
        throw ConfigError(where(entry.first) + ": " + prefix + name + ": given twice");
      read_entry(entry.first, entry.second, prefix, name);
    }
  }

 private:
  std::string where(const YAML::Node& node) const {
    return file_ + ":" + std::to_string(node.Mark().line + 1);
  }

  void read_entry(const YAML::Node& key, const YAML::Node& value, const std::string& prefix,
                  const std::string& name) {
    const std::string full = prefix + name;
    if (const Field* field = find_field(list_, full)) {
      if (value.IsNull()) throw ConfigError(where(key), full, expected_value(*field), "");
      const Value read = value_of(*field, value);
      if (!assign(*field, read.words))
        throw ConfigError(where(value), full, expected_value(*field), read.shown);
      return;
    }
    const auto members = names_below(list_, full + ".");
    if (members.empty()) fail_unknown(list_, where(key), prefix, name);
    if (value.IsNull()) return;
    if (!value.IsMap())
      throw ConfigError(where(value), full, "a group with " + join(members, ", "), shown(value));
    read_group(value, full + ".");
  }

  Value value_of(const Field& field, const YAML::Node& node) const {
    if (node.IsScalar()) return scalar_value(field, node.Scalar());
    Value value{{}, shown(node)};
    if (node.IsSequence() && is_list(field)) {
      for (const auto& element : node) {
        if (!element.IsScalar())
          throw ConfigError(where(element), field.key, expected_value(field), shown(element));
        value.words.push_back(element.Scalar());
      }
      return value;
    }
    throw ConfigError(where(node), field.key, expected_value(field), value.shown);
  }

  const std::vector<Field>& list_;
  const std::string& file_;
};

}  // namespace

void Fields::add(const std::string& name, decltype(Field::target) target, Range range, Text text,
                 const std::string& help) {
  list_.push_back({prefix_ + name, std::move(target), range, std::move(text), help});
}

void Fields::remove(const std::string& name) {
  const auto found = std::find_if(list_.begin(), list_.end(),
                                  [&](const Field& field) { return field.key == prefix_ + name; });
  assert(found != list_.end());
  list_.erase(found);
}

void Fields::field(const std::string& name, bool& value, const std::string& help) {
  add(name, &value, {}, {}, help);
}
void Fields::field(const std::string& name, int& value, Range legal, const std::string& help) {
  add(name, &value, legal, {}, help);
}
void Fields::field(const std::string& name, int64_t& value, Range legal, const std::string& help) {
  add(name, &value, legal, {}, help);
}
void Fields::field(const std::string& name, uint64_t& value, Range legal, const std::string& help) {
  add(name, &value, legal, {}, help);
}
void Fields::field(const std::string& name, float& value, Range legal, const std::string& help) {
  add(name, &value, legal, {}, help);
}
void Fields::field(const std::string& name, double& value, Range legal, const std::string& help) {
  add(name, &value, legal, {}, help);
}
void Fields::field(const std::string& name, std::string& value, Text legal,
                   const std::string& help) {
  add(name, &value, {}, std::move(legal), help);
}
void Fields::field(const std::string& name, std::vector<int64_t>& value, Range legal,
                   const std::string& help) {
  add(name, &value, legal, {}, help);
}
void Fields::field(const std::string& name, std::vector<double>& value, Range legal,
                   const std::string& help) {
  add(name, &value, legal, {}, help);
}
void Fields::field(const std::string& name, std::vector<std::string>& value, Text legal,
                   const std::string& help) {
  add(name, &value, {}, std::move(legal), help);
}

void apply_yaml(const std::vector<Field>& list, const std::string& text, const std::string& file) {
  YAML::Node root;
  try {
    root = YAML::Load(text);
  } catch (const YAML::Exception& e) {
    throw ConfigError(file + ":" + std::to_string(e.mark.line + 1),
                      "column " + std::to_string(e.mark.column + 1), "YAML", one_line(e.msg));
  }
  if (root.IsNull()) return;
  if (!root.IsMap()) throw ConfigError(file + ":1", "file", "`key: value` lines", shown(root));
  YamlReader(list, file).read_group(root, "");
}

void apply_override(const std::vector<Field>& list, const std::string& key_equals_value) {
  const size_t equals = key_equals_value.find('=');
  if (equals == std::string::npos || equals == 0)
    throw ConfigError("command line", "override", "key=value", key_equals_value);
  const std::string key = key_equals_value.substr(0, equals);
  const std::string text = key_equals_value.substr(equals + 1);
  const Field* field = find_field(list, key);
  if (!field) {
    const auto members = names_below(list, key + ".");
    if (!members.empty())
      throw ConfigError("command line", key, "a key of the group, one of " + join(members, ", "),
                        key_equals_value);
    std::string prefix = key.substr(0, key.rfind('.') + 1);
    if (names_below(list, prefix).empty()) prefix = "";
    fail_unknown(list, "command line", prefix, key.substr(prefix.size()));
  }
  std::string inner = text;
  if (is_list(*field) && text.size() >= 2 && text.front() == '[' && text.back() == ']')
    inner = text.substr(1, text.size() - 2);
  if (!assign(*field, scalar_value(*field, inner).words))
    throw ConfigError("command line", key, expected_value(*field), text);
}

void check_values(const std::vector<Field>& list, const std::string& where) {
  for (const auto& field : list) {
    const auto words = current_words(field);
    const bool is_missing = words.empty() || (words.size() == 1 && words[0].empty());
    if (is_missing && !field.text.required.empty())
      throw ConfigError(where + ": " + field.key + ": expected " + field.text.required +
                        ", got nothing; give " + field.key + "=...");
  }
}

std::string read_config_file(const std::string& file) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error))
    throw ConfigError(file + ": configuration: expected a YAML file, got a folder");
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw ConfigError(file + ": configuration: cannot be read: " + std::strerror(errno));
  const uintmax_t size = std::filesystem::file_size(file, error);
  if (!error && size > kLargestFile)
    throw ConfigError(file + ": configuration: expected at most 1 MiB of YAML, got " +
                      std::to_string(size) + " bytes");
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::string dump_fields(const std::vector<Field>& list) {
  std::string yaml;
  std::vector<std::string> open;  // the groups of the line before
  for (const auto& field : list) {
    std::vector<std::string> groups;
    size_t start = 0;
    for (size_t dot; (dot = field.key.find('.', start)) != std::string::npos; start = dot + 1)
      groups.push_back(field.key.substr(start, dot - start));
    size_t shared = 0;
    while (shared < std::min(groups.size(), open.size()) && groups[shared] == open[shared])
      ++shared;
    for (size_t level = shared; level < groups.size(); ++level)
      yaml += std::string(2 * level, ' ') + groups[level] + ":\n";
    yaml += std::string(2 * groups.size(), ' ') + field.key.substr(start) + ": " +
            value_text(field) + "\n";
    open = std::move(groups);
  }
  return yaml;
}

std::string describe_fields(const std::vector<Field>& list) {
  size_t width = 0;
  for (const auto& field : list) width = std::max(width, field.key.size());
  std::string text;
  for (const auto& field : list)
    text += "  " + field.key + std::string(width - field.key.size() + 2, ' ') + field.help + " (" +
            expected_value(field) + "; default " + value_text(field) + ")\n";
  return text;
}

}  // namespace mint::training
