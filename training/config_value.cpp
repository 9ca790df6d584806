#include "training/config_value.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <sstream>
#include <string_view>
#include <type_traits>

namespace mint::training {
namespace {

// The shortest text that reads back to the same bits; whole numbers without exponent.
template <class T>
std::string number_text(T value) {
  if constexpr (std::is_floating_point_v<T>) {
    if (value == std::trunc(value) && std::abs(value) < 1e15 && !std::signbit(value))
      return std::to_string(static_cast<int64_t>(value));
  }
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value).ptr;
  return std::string(buffer, end);
}

std::string expected_number(const std::string& kind, const Range& range) {
  const bool has_low = std::isfinite(range.low);
  const bool has_high = std::isfinite(range.high);
  const std::string low = number_text(range.low);
  if (has_low && has_high && !range.is_low_open)
    return kind + " in [" + low + ", " + number_text(range.high) + "]";
  if (has_low && has_high) return kind + " in (" + low + ", " + number_text(range.high) + "]";
  if (has_low) return kind + (range.is_low_open ? " > " : " >= ") + low;
  if (has_high) return kind + " <= " + number_text(range.high);
  return kind;
}

template <class T>
std::string number_kind() {
  return std::is_integral_v<T> ? "an integer" : "a number";
}

template <class T>
bool is_legal(T value, const Range& range) {
  const double number = static_cast<double>(value);
  return number >= range.low && number <= range.high && !(range.is_low_open && number == range.low);
}

bool is_legal(const std::string& value, const Text& text) {
  if (!text.required.empty() && value.empty()) return false;
  return text.choices.empty() ||
         std::find(text.choices.begin(), text.choices.end(), value) != text.choices.end();
}

std::string expected_text(const Text& text) {
  if (!text.choices.empty()) return "one of " + join(text.choices, ", ");
  return text.required.empty() ? "a text" : text.required;
}

template <class T>
bool parse_number(const std::string& text, const Range& range, T& value) {
  T parsed{};
  const auto result = std::from_chars(text.data(), text.data() + text.size(), parsed);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return false;
  if constexpr (std::is_floating_point_v<T>) {
    if (!std::isfinite(parsed)) return false;
  }
  if (!is_legal(parsed, range)) return false;
  value = parsed;
  return true;
}

template <class T>
bool parse_list(const std::vector<std::string>& words, const Field& field, std::vector<T>& list) {
  std::vector<T> parsed;
  for (const auto& word : words) {
    if constexpr (std::is_same_v<T, std::string>) {
      if (!is_legal(word, field.text)) return false;
      parsed.push_back(word);
    } else {
      T number{};
      if (!parse_number(word, field.range, number)) return false;
      parsed.push_back(number);
    }
  }
  list = parsed;
  return true;
}

// Plain where YAML reads the text back as it is, else in double quotes.
std::string yaml_text(const std::string& text) {
  const auto is_plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("_./+-").find(c) != std::string_view::npos;
  };
  const bool starts_plain =
      !text.empty() &&
      (std::isalnum(static_cast<unsigned char>(text[0])) || text[0] == '.' || text[0] == '/' ||
       text[0] == '_' ||
       (text[0] == '-' && text.size() > 1 && std::isdigit(static_cast<unsigned char>(text[1]))));
  const bool is_null = text == "null" || text == "Null" || text == "NULL";  // for YAML, if plain
  if (starts_plain && !is_null && std::all_of(text.begin(), text.end(), is_plain)) return text;
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      char code[8];
      std::snprintf(code, sizeof(code), "\\x%02x", c);
      result += code;
    } else {
      result += c;
    }
  }
  return result + "\"";
}

}  // namespace

std::string join(const std::vector<std::string>& words, const std::string& separator) {
  std::string joined;
  for (const auto& word : words) joined += (joined.empty() ? "" : separator) + word;
  return joined;
}

std::string expected_value(const Field& field) {
  return std::visit(
      [&](const auto& target) -> std::string {
        using T = std::decay_t<decltype(target)>;
        if constexpr (std::is_same_v<T, bool*>)
          return "true or false";
        else if constexpr (std::is_same_v<T, std::string*> || std::is_same_v<T, NamedValue>)
          return expected_text(field.text);
        else if constexpr (std::is_same_v<T, std::vector<std::string>*>)
          return field.text.choices.empty() && field.text.required.empty()
                     ? "a list"
                     : expected_text(field.text);
        else if constexpr (std::is_same_v<T, std::vector<int64_t>*>)
          return "a list, each " + expected_number("an integer", field.range);
        else if constexpr (std::is_same_v<T, std::vector<double>*>)
          return "a list, each " + expected_number("a number", field.range);
        else
          return expected_number(number_kind<std::remove_pointer_t<T>>(), field.range);
      },
      field.target);
}

bool assign(const Field& field, const std::vector<std::string>& words) {
  return std::visit(
      [&](const auto& target) -> bool {
        using T = std::decay_t<decltype(target)>;
        if constexpr (std::is_same_v<T, std::vector<int64_t>*> ||
                      std::is_same_v<T, std::vector<double>*> ||
                      std::is_same_v<T, std::vector<std::string>*>) {
          return parse_list(words, field, *target);
        } else {
          if (words.size() != 1) return false;
          const std::string& word = words[0];
          if constexpr (std::is_same_v<T, bool*>) {
            if (word != "true" && word != "false") return false;
            *target = word == "true";
            return true;
          } else if constexpr (std::is_same_v<T, std::string*>) {
            if (!is_legal(word, field.text)) return false;
            *target = word;
            return true;
          } else if constexpr (std::is_same_v<T, NamedValue>) {
            if (!is_legal(word, field.text)) return false;
            target.set(word);
            return true;
          } else {
            return parse_number(word, field.range, *target);
          }
        }
      },
      field.target);
}

bool is_list(const Field& field) {
  return std::holds_alternative<std::vector<int64_t>*>(field.target) ||
         std::holds_alternative<std::vector<double>*>(field.target) ||
         std::holds_alternative<std::vector<std::string>*>(field.target);
}

std::vector<std::string> split_at_commas(const std::string& text) {
  std::vector<std::string> words;
  std::stringstream stream(text);
  for (std::string word; std::getline(stream, word, ',');) {
    const size_t first = word.find_first_not_of(' ');
    const size_t last = word.find_last_not_of(' ');
    words.push_back(first == std::string::npos ? "" : word.substr(first, last - first + 1));
  }
  return words;
}

std::vector<std::string> current_words(const Field& field) {
  return std::visit(
      [](const auto& target) -> std::vector<std::string> {
        using T = std::decay_t<decltype(target)>;
        std::vector<std::string> words;
        if constexpr (std::is_same_v<T, bool*>)
          words = {*target ? "true" : "false"};
        else if constexpr (std::is_same_v<T, std::string*>)
          words = {*target};
        else if constexpr (std::is_same_v<T, NamedValue>)
          words = {target.get()};
        else if constexpr (std::is_same_v<T, std::vector<std::string>*>)
          words = *target;
        else if constexpr (std::is_same_v<T, std::vector<int64_t>*> ||
                           std::is_same_v<T, std::vector<double>*>)
          for (const auto number : *target) words.push_back(number_text(number));
        else
          words = {number_text(*target)};
        return words;
      },
      field.target);
}

std::string value_text(const Field& field) {
  std::vector<std::string> words = current_words(field);
  for (auto& word : words) word = yaml_text(word);
  return is_list(field) ? "[" + join(words, ", ") + "]" : words[0];
}

}  // namespace mint::training
