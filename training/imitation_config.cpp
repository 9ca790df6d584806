#include "training/imitation_config.h"

#include <map>

#include "agents/registry.h"
#include "training/learning_rate.h"

namespace mint::training {
namespace {

// The keys of `mint pretrain` that the study leaves to its user.
struct DetectorRecipe {
  PretrainConfig& pretrain;
};
void fields(Fields& f, DetectorRecipe& recipe) {
  PretrainConfig& c = recipe.pretrain;
  f.group("mint", c.detectors.mint);
  f.group("loss", c.mint_loss);
  f.field("batch", c.batch, range(1, 4096), "windows per step");
  f.field("epochs", c.epochs, range(1, 100000), "passes over all windows");
  f.field("steps", c.steps, range(0, 100000000), "stop after so many; 0: the epochs decide");
  f.field("learning_rate", c.learning_rate, above(0, kLargestLearningRate), "of Adam");
  f.field("cooldown", c.cooldown, range(0, 1), "share of the steps in which it falls to 0");
  f.field("weight_decay", c.weight_decay, at_least(0), "L2, added to the gradient");
  f.field("gradient_clip", c.gradient_clip, at_least(0), "L2 norm");
  f.field("recalibration_batches", c.recalibration_batches, range(0, 100000),
          "of the normalisations' statistics");
}

}  // namespace

ImitationConfig::ImitationConfig() {
  interaction.clone.policy.name = "interaction";
  attention.clone.policy.name = "attention";
  cnn.clone.policy.name = "cnn";
  mlp.clone.policy.name = "mlp";
  dagger.clone.policy.name = "attention";
  dagger.clone.algorithm = "dagger";
  pretrain.pictures_every = 0;
}

std::vector<std::string> method_names() {
  auto names = agents::policy_names();
  names.push_back("dagger");
  return names;
}

const CloneRecipe& recipe_of(const ImitationConfig& config, const std::string& method) {
  const std::map<std::string, const CloneRecipe*> recipes = {{"interaction", &config.interaction},
                                                             {"attention", &config.attention},
                                                             {"cnn", &config.cnn},
                                                             {"mlp", &config.mlp},
                                                             {"dagger", &config.dagger}};
  return *recipes.at(method);
}

void fields(Fields& f, CloneRecipe& c) {
  agents::PolicyConfig& policy = c.clone.policy;
  if (c.clone.algorithm == "dagger") {
    f.field("policy", policy.name, one_of({"attention", "interaction", "mlp"}), "what is trained");
    f.group("attention", policy.attention);
    f.group("interaction", policy.interaction);
    f.group("mlp", policy.mlp);
    fields(f, c.clone.dagger);
  } else {
    if (policy.name == "interaction") f.group("network", policy.interaction);
    if (policy.name == "attention") f.group("network", policy.attention);
    if (policy.name == "cnn") f.group("network", policy.cnn);
    if (policy.name == "mlp") f.group("network", policy.mlp);
  }
  training_fields(f, c.clone);
  f.field("steps_of_task", c.steps_of_task, range(1, 100000000),
          "in the order of the tasks; steps when empty");
  f.field("planned_tasks", c.planned_tasks, one_of(task_names()),
          "where plan.plans=-1 holds, no plans in others; all when empty");
}

void fields(Fields& f, ImitationConfig& c) {
  f.field("demonstrations", c.demonstrations, one_of({"human", "expert"}),
          "of `data`, or recorded by the scripted experts in Demo");
  f.field("data", c.data, any_text(), "demonstration files (human)");
  f.field("detector", c.detector, any_text(),
          "run of mint pretrain; one is trained on the same demonstrations when empty");
  f.field("tasks", c.tasks, one_of(task_names()), "rows of the table");
  f.field("methods", c.methods, one_of(method_names()),
          "columns of the table; dagger is a reference");
  f.field("variants", c.variants, any_text(), "that are scored, or all");
  f.field("demos", c.demos, range(1, 1000000), "of each task that train");
  f.field("detector_demos", c.detector_demos, range(0, 1000000),
          "of each task that train the detector; 0: as many as train the policies");
  f.field("held_out", c.held_out, range(0, 1000000), "of each task, for the accuracy");
  f.field("episodes", c.episodes, range(1, 100000), "per variant, the same for every method");
  f.field("evaluation_seed", c.evaluation_seed, range(0, 9007199254740992.0), "of the episodes");
  f.field("all_plans", c.all_plans, "policies with plans: Demo without and with every plan, too");
  f.field("videos", c.videos, range(0, 1000), "best and worst episodes filmed, each");
  f.field("seeds", c.seeds, range(1, 1000), "training seeds");
  f.field("seed", c.seed, range(0, 9007199254740992.0), "the first of them");
  f.field("jobs", c.jobs, range(1, 1024), "cells at once, one thread each");
  f.field("shard", c.shard, any_text(), "i/n: only every n-th cell, from the i-th (0/n first)");
  f.field("cells", c.cells, required("a folder"), "finished cells, shared by all studies");
  f.field("output", c.output, any_text(), "table and report; runs/study-imitation, -2 ...");
  DetectorRecipe pretrain{c.pretrain};
  f.group("pretrain", pretrain);
  f.group("interaction", c.interaction);
  f.group("attention", c.attention);
  f.group("cnn", c.cnn);
  f.group("mlp", c.mlp);
  f.group("dagger", c.dagger);
}

}  // namespace mint::training
