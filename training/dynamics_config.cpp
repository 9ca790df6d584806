#include "training/dynamics_config.h"

#include "training/optimisation_fields.h"

namespace mint::training {

void fields(Fields& f, dynamics::KeypointPredictorConfig& c) {
  f.field("form", c.form, one_of({"displacement", "paper"}),
          "what is added to the newest positions, or the paper's positions");
  f.field("keypoints", c.keypoints, range(1, 512), "K, must equal the detector's");
  f.field("history", c.history, range(1, 64), "T, frames that are read");
  f.field("horizons", c.horizons, range(1, 64), "frames ahead predicted at once; 1 with actions");
  f.field("actions", c.actions, range(0, 18),
          "18: the action taken at the newest frame is read too (demonstration files); or 0");
  f.field("latent", c.latent, range(1, 4096), "width of a keypoint's embedding");
  f.field("hidden", c.hidden, range(1, 4096), "width of inner layers");
  f.field("effect", c.effect, range(1, 4096), "width of a message");
  f.field("relation_layers", c.relation_layers, range(2, 16), "of the relation model");
  f.field("object_layers", c.object_layers, range(2, 16), "of the object model");
  f.field("index_embedding", c.index_embedding, range(0, 1024),
          "width of the learned index embedding; 0: the paper's scalar code");
  f.field("aggregation", c.aggregation, one_of({"mean", "sum"}), "of the messages");
  f.field("unroll", c.unroll, range(0, 64),
          "the loss also counts a chain of so many one-step predictions; 0: none");
  f.field("unroll_weight", c.unroll_weight, at_least(0), "of that chain");
  f.field("linear_beyond", c.linear_beyond, above(0),
          "errors count by their square up to this length (tenths of the image; form paper: half "
          "images), linearly beyond");
}

void fields(Fields& f, DynamicsConfig& c) {
  data_fields(f, c.data);
  f.field("tasks", c.data.tasks, any_text(), "those of them that the files hold; all when empty");
  f.group("videos", c.videos);
  f.field("held_out_videos", c.held_out_videos, range(0, 1000000),
          "measured at the end, where the data is no demonstration file; 0: all that are left");
  f.field("detector", c.detector, required("a run of mint pretrain"), "run of mint pretrain");
  f.field("detect_gamma", c.detect_gamma, at_least(0),
          "activation threshold of the detector; 0: its own");
  f.field("output", c.output, any_text(), "new run directory; runs/dynamics, -2 ... when empty");
  f.group("predictor", c.predictor);
  fitting_fields(f, c);
  f.field("checkpoint_every", c.checkpoint_every, range(0, 100000000),
          "steps between two checkpoints; 0: only at the end");
  f.field("seed", c.seed, range(0, 9007199254740992.0), "root seed of the run");
}

void fitting_fields(Fields& f, DynamicsConfig& c) {
  optimisation_fields(f, c, "windows");
}

}  // namespace mint::training
