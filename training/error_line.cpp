#include "training/error_line.h"

#include <filesystem>

#include <c10/util/Exception.h>

#include "training/printable.h"

namespace mint::training {
namespace {

std::string message_of(const std::exception& error) {
  if (const auto* torch_error = dynamic_cast<const c10::Error*>(&error)) {
    return torch_error->what_without_backtrace();
  }
  if (const auto* file_error = dynamic_cast<const std::filesystem::filesystem_error*>(&error)) {
    return file_error->path1().string() + ": " + file_error->code().message();
  }
  return error.what();
}

}  // namespace

std::string error_line(const std::exception& error) {
  std::string text = message_of(error);
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return printable(text);
}

}  // namespace mint::training
