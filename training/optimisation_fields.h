// The keys of training/optimisation.h, for every configuration that has them.
#pragma once

#include <string>

#include "training/config.h"
#include "training/learning_rate.h"

namespace mint::training {

// steps, batch (of `samples`), optimiser ... ema.
template <class Config>
void optimisation_fields(Fields& f, Config& c, const std::string& samples) {
  f.field("steps", c.steps, range(1, 100000000), "of the optimiser");
  f.field("batch", c.batch, range(1, 65536), samples + " per step");
  f.field("optimiser", c.optimiser, one_of({"adam", "adamw"}),
          "Adam with L2 in the gradient, or with decoupled decay");
  f.field("learning_rate", c.learning_rate, above(0, kLargestLearningRate), "at most");
  f.field("warmup", c.warmup, range(0, 0.9), "share of the steps in which it rises from 0");
  f.field("cooldown", c.cooldown, range(0, 1),
          "share in which it falls to 0 along a cosine, at most what warm-up leaves; 0: constant");
  f.field("weight_decay", c.weight_decay, at_least(0), "of the optimiser");
  f.field("gradient_clip", c.gradient_clip, above(0), "largest global L2 norm of the gradient");
  f.field("ema", c.ema, range(0, 0.99999), "decay of averaged weights, which are kept; 0: none");
}

}  // namespace mint::training
