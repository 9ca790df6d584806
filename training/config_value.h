// Text to configuration values and back: what a field accepts, how it is read and how it is shown.
// The lower half of training/config.h; nothing else uses it.
#pragma once

#include <string>
#include <vector>

#include "training/config.h"

namespace mint::training {

std::string join(const std::vector<std::string>& words, const std::string& separator);
std::vector<std::string> split_at_commas(const std::string& text);

bool is_list(const Field& field);

// What a field accepts, for messages and for --help: "an integer in [1, 512]".
std::string expected_value(const Field& field);

// `words` is one word for a scalar, any number for a list. False, and the field is unchanged, when
// they are not legal.
bool assign(const Field& field, const std::vector<std::string>& words);

// The value now: one word, or the words of a list. Numbers in the shortest form that reads back to
// the same bits.
std::vector<std::string> current_words(const Field& field);

// The value now, as YAML on one line.
std::string value_text(const Field& field);

}  // namespace mint::training
