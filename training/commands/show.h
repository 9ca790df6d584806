// What `mint play` can show. The window, the keys, the clock and the film are in
// training/commands/play.cpp.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "envs/draw.h"
#include "envs/world.h"
#include "training/commands/commands.h"
#include "training/commands/look.h"

namespace mint::training {

// Episodes that go step by step and can be drawn.
class Show {
 public:
  virtual ~Show() = default;

  // Puts up the first moment of episode `index` (0, 1, ...; any number of them).
  virtual void start(int index) = 0;

  // Goes one step on; `keys` is what the user holds down. Not called at the end.
  virtual void step(const envs::Command& keys) = 0;
  virtual bool is_at_end() const = 0;

  virtual envs::Image picture(const Look& look) const = 0;

  // Which episode this is and where it is, a line each.
  virtual std::vector<std::string> caption() const = 0;
  // One line on the episode, at its end.
  virtual std::string outcome() const = 0;

  // What is averaged over the episodes, at the end of one: none where they are not of one kind.
  virtual std::optional<double> score() const { return std::nullopt; }
  virtual std::string name() const { return ""; }  // of the kind

  // How many episodes there are to show once.
  virtual int episodes() const { return 1; }
};

// An environment driven by the user or by its scripted expert.
std::unique_ptr<Show> show_task(const PlayOptions& options);

// The stored frames of a demonstration file: one episode if it is named, else all in turn.
std::unique_ptr<Show> show_demonstrations(const PlayOptions& options);

// A cloned policy acting; the keypoints that it sees are drawn.
std::unique_ptr<Show> show_policy(const PlayOptions& options);

}  // namespace mint::training
