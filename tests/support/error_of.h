// What is said when something goes wrong.
#pragma once

#include <exception>
#include <string>

#include <gtest/gtest.h>

namespace mint::tests {

// The message of the exception that `action` throws, "no error" without one. Every message of ours
// is one line; another kind of exception than `Exception` passes through.
template <class Exception = std::exception, class Action>
std::string error_of(const Action& action) {
  try {
    action();
  } catch (const Exception& error) {
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    return error.what();
  }
  return "no error";
}

}  // namespace mint::tests
