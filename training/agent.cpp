#include "training/agent.h"

#include <cstdio>
#include <stdexcept>

#include <torch/torch.h>
#include <zlib.h>

#include "agents/registry.h"
#include "training/atomic_file.h"
#include "training/checkpoint.h"
#include "training/predictor_run.h"

namespace mint::training {
namespace {

std::string config_name(const std::filesystem::path& checkpoint) {
  return (checkpoint / "config.yaml").string();
}

// CRC-32 in eight hexadecimal digits.
std::string checksum_text(const std::string& bytes) {
  const uLong crc = crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  char text[16];
  std::snprintf(text, sizeof text, "%08lx", crc);
  return text;
}

AgentConfig read_agent_config(const std::filesystem::path& checkpoint) {
  const std::string text = read_checkpoint_config(checkpoint);
  if (trained_thing(text) != "policy") {
    throw std::runtime_error(config_name(checkpoint) +
                             ": expected the run of a policy (mint clone), got that of a " +
                             trained_thing(text));
  }
  return parse_config<AgentConfig>(text, config_name(checkpoint));
}

}  // namespace

void fields(Fields& f, AgentConfig& c) {
  f.group("agent", c.clone);
  f.field("detector", c.detector, one_of(perception::detector_names()), "kind of detector");
  fields(f, c.detectors);
}

// The three kinds of checkpoints differ in their configuration's first key.
std::string trained_thing(const std::string& config) {
  if (config.rfind("agent:", 0) == 0) return "policy";
  return config.rfind("dynamics:", 0) == 0 ? "keypoint predictor" : "detector";
}

LoadedDetector read_detector(const std::string& run, double gamma) {
  const auto checkpoint = find_checkpoint(run);
  const std::string text = read_checkpoint_config(checkpoint);
  if (trained_thing(text) != "detector") {
    throw std::runtime_error(config_name(checkpoint) +
                             ": expected the run of a detector (mint pretrain), got a " +
                             trained_thing(text) + "'s");
  }
  const PretrainConfig defaults;  // named: GCC 12 warns of a temporary's strings
  const auto config = parse_config<PretrainConfig>(text, config_name(checkpoint), {}, defaults);
  LoadedDetector loaded{nullptr, config.detector, config.detectors};
  if (gamma > 0) loaded.config.mint.detect_gamma = gamma;
  loaded.detector = perception::make_detector(loaded.kind, loaded.config, /*seed=*/0);
  load_model(checkpoint, {{"", &loaded.detector->module()}});
  return loaded;
}

std::shared_ptr<perception::Detector> load_detector(const std::string& run) {
  const auto checkpoint = find_checkpoint(run);
  const std::string kind = trained_thing(read_checkpoint_config(checkpoint));
  if (kind == "detector") return read_detector(run).detector;
  if (kind == "keypoint predictor") return load_predictor(run).detector;
  const auto config = read_agent_config(checkpoint);
  std::shared_ptr<perception::Detector> detector =
      perception::make_detector(config.detector, config.detectors, /*seed=*/0);
  load_model(checkpoint, {{"detector", &detector->module()}}, /*allow_others=*/true);
  return detector;
}

std::vector<ModelPart> agent_parts(const Agent& agent) {
  std::vector<ModelPart> parts = {{"policy", agent.policy.get()}};
  if (agent.detector) parts.push_back({"detector", &agent.detector->module()});
  return parts;
}

LoadedAgent load_agent(const std::string& run) {
  const auto checkpoint = find_checkpoint(run);
  const auto config = read_agent_config(checkpoint);
  LoadedAgent loaded;
  loaded.task = config.clone.task;
  loaded.agent.policy = agents::make_policy(config.clone.policy, /*seed=*/0);
  if (loaded.agent.policy->keypoints() > 0) {
    loaded.agent.detector =
        perception::make_detector(config.detector, config.detectors, /*seed=*/0);
  }
  load_model(checkpoint, agent_parts(loaded.agent));
  loaded.agent.policy->eval();
  loaded.id = loaded.task + "-" + config.clone.policy.name + "-" +
              checksum_text(read_file(checkpoint / "model.safetensors"));
  return loaded;
}

}  // namespace mint::training
