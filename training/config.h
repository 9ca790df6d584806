// Configuration: YAML and `key=value` overrides into plain structs. The only place that sees YAML.
//
// A struct is bound by one function that lists its fields once: name, legal values, help. That list
// serves loading, overrides, errors with the nearest known name, the resolved YAML of a run and the
// key list of --help. The struct may live in a folder that knows nothing of this header:
//
//   void fields(Fields& f, perception::MintConfig& c) {  // in namespace mint::training
//     f.field("keypoints", c.keypoints, range(1, 512), "K, number of keypoints");
//   }
//   void fields(Fields& f, PretrainConfig& c) {
//     f.field("epochs", c.epochs, range(1, 100000), "passes over the data");
//     f.field("device", c.device, one_of({"auto", "cpu", "cuda"}), "where to compute");
//     f.field("data", c.data, required("demonstration files"), "one file or several");
//     f.group("detector", c.detector);
//   }
//   PretrainConfig config = load_config<PretrainConfig>("pretrain.yaml", {"epochs=3"});
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "training/config_error.h"

namespace mint::training {

// Legal values of a number, ends included unless `above`.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool is_low_open = false;
};
inline Range range(double low, double high) {
  return {low, high};
}
inline Range at_least(double low) {
  return {low};
}
inline Range above(double low, double high = std::numeric_limits<double>::infinity()) {
  return {low, high, true};
}
inline Range any_number() {
  return {};
}

// Legal values of a text, or of every element of a list of texts.
struct Text {
  std::vector<std::string> choices;  // empty: anything
  std::string required;              // not empty: the value must not be empty; says what it is
};
inline Text any_text() {
  return {};
}
inline Text one_of(std::vector<std::string> choices) {
  return {std::move(choices), ""};
}
inline Text required(std::string what) {
  return {{}, std::move(what)};
}

// A value kept as text: enumerations and whatever else has names.
struct NamedValue {
  std::function<std::string()> get;
  std::function<void(const std::string&)> set;
};

struct Field {
  std::string key;  // dotted: "detector.keypoints"
  std::variant<bool*, int*, int64_t*, uint64_t*, float*, double*, std::string*,
               std::vector<int64_t>*, std::vector<double>*, std::vector<std::string>*, NamedValue>
      target;  // borrowed from the struct
  Range range;
  Text text;
  std::string help;
};

// The list that a binding function fills. Lists are written `[a, b]` or `a,b`.
class Fields {
 public:
  void field(const std::string& name, bool& value, const std::string& help);
  void field(const std::string& name, int& value, Range legal, const std::string& help);
  void field(const std::string& name, int64_t& value, Range legal, const std::string& help);
  void field(const std::string& name, uint64_t& value, Range legal, const std::string& help);
  void field(const std::string& name, float& value, Range legal, const std::string& help);
  void field(const std::string& name, double& value, Range legal, const std::string& help);
  void field(const std::string& name, std::string& value, Text legal, const std::string& help);
  void field(const std::string& name, std::vector<int64_t>& value, Range legal,
             const std::string& help);
  void field(const std::string& name, std::vector<double>& value, Range legal,
             const std::string& help);
  void field(const std::string& name, std::vector<std::string>& value, Text legal,
             const std::string& help);

  // An enumeration: `names` lists {"text", value} for every legal value.
  template <class E>
  void choice(const std::string& name, E& value, std::vector<std::pair<std::string, E>> names,
              const std::string& help) {
    Text legal;
    for (const auto& entry : names) legal.choices.push_back(entry.first);
    const auto get = [&value, names] {
      for (const auto& entry : names)
        if (entry.second == value) return entry.first;
      return std::string();
    };
    const auto set = [&value, names](const std::string& text) {
      for (const auto& entry : names)
        if (entry.first == text) value = entry.second;
    };
    add(name, NamedValue{get, set}, {}, std::move(legal), help);
  }

  // A nested struct, bound by its own `fields` (found by argument-dependent lookup). Its fields
  // `without`, which something else decides here, are no keys.
  template <class C>
  void group(const std::string& name, C& value, const std::vector<std::string>& without = {}) {
    const std::string outer = prefix_;
    prefix_ += name + ".";
    fields(*this, value);
    for (const std::string& key : without) remove(key);
    prefix_ = outer;
  }

  const std::vector<Field>& list() const { return list_; }

 private:
  void add(const std::string& name, decltype(Field::target) target, Range range, Text text,
           const std::string& help);
  void remove(const std::string& name);

  std::string prefix_;
  std::vector<Field> list_;
};

// The steps behind the functions below. All throw ConfigError.
void apply_yaml(const std::vector<Field>& list, const std::string& text, const std::string& file);
void apply_override(const std::vector<Field>& list, const std::string& key_equals_value);
void check_values(const std::vector<Field>& list, const std::string& where);
std::string read_config_file(const std::string& file);
std::string dump_fields(const std::vector<Field>& list);
std::string describe_fields(const std::vector<Field>& list);

template <class C>
std::vector<Field> list_fields(C& config) {
  Fields f;
  fields(f, config);
  return f.list();
}

// `text` is YAML; `name` stands for the file in messages. `defaults` is what keys not given keep.
template <class C>
C parse_config(const std::string& text, const std::string& name,
               const std::vector<std::string>& overrides = {}, C defaults = C()) {
  const auto list = list_fields(defaults);
  apply_yaml(list, text, name);
  for (const auto& entry : overrides) apply_override(list, entry);
  check_values(list, name);
  return defaults;
}

// An empty file name means no file: the defaults and the overrides alone.
template <class C>
C load_config(const std::string& file, const std::vector<std::string>& overrides = {},
              C defaults = C()) {
  if (file.empty()) return parse_config<C>("", "command line", overrides, std::move(defaults));
  return parse_config<C>(read_config_file(file), file, overrides, std::move(defaults));
}

// Every key with its value, as YAML that loads to the same values bit for bit.
template <class C>
std::string dump_config(C config) {
  return dump_fields(list_fields(config));
}

// One line a key: name, legal values, default, help.
template <class C>
std::string describe_config(C defaults = C()) {
  return describe_fields(list_fields(defaults));
}

}  // namespace mint::training
