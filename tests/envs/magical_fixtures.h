// Reads the states and traces of the fixture folder "magical" (its README explains the formats).
#pragma once

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "envs/scene.h"
#include "envs/task.h"
#include "tests/support/fixtures.h"

namespace mint::tests {

inline envs::Pose pose_from(const nlohmann::json& json) {
  return {json.at(0), json.at(1), json.at(2)};
}

// Blocks and regions of a *state* object, and what the score needs of a *roles* object.
inline envs::Scene scene_from(const std::string& task, const nlohmann::json& state,
                              const nlohmann::json& roles) {
  envs::Scene scene;
  scene.task = task;
  const auto& robot = state.at("robot");
  scene.robot = pose_from(robot.is_array() ? robot : robot.at("pose"));
  for (const auto& r : state.at("regions")) {
    scene.regions.push_back(
        {envs::parse_colour(r.at("colour")), r.at("x"), r.at("y"), r.at("w"), r.at("h")});
  }
  for (const auto& b : state.at("blocks")) {
    scene.blocks.push_back({envs::parse_shape(b.at("shape")), envs::parse_colour(b.at("colour")),
                            pose_from(b.at("pose"))});
  }
  for (const auto& name : state.value("draw_order", nlohmann::json::array())) {
    const std::string text = name;
    const auto colon = text.find(':');
    const int index = colon == std::string::npos ? 0 : std::stoi(text.substr(colon + 1));
    const auto kind = text[0] == 'b'    ? envs::EntityKind::kBlock
                      : text == "robot" ? envs::EntityKind::kRobot
                                        : envs::EntityKind::kRegion;
    scene.draw_order.push_back({kind, index});
  }
  scene.goal_region = roles.value("goal_region", -1);
  if (roles.contains("block")) scene.targets = {roles.at("block").get<int>()};
  for (const char* key : {"blocks", "targets"}) {
    if (roles.contains(key)) scene.targets = roles.at(key).get<std::vector<int>>();
  }
  for (const auto& pair : roles.value("pairs", nlohmann::json::array())) {
    scene.targets.push_back(pair.at("block"));
  }
  if (roles.contains("cluster_by")) {
    for (size_t i = 0; i < scene.blocks.size(); ++i) scene.targets.push_back(static_cast<int>(i));
  }
  return scene;
}

// The poses of a *state* object; fingers and eyes as given, or as at reset when it has none.
inline envs::State state_from(const envs::Scene& scene, const nlohmann::json& state) {
  envs::State result = envs::initial_state(scene);
  const auto& robot = state.at("robot");
  if (robot.is_object() && robot.contains("fingers")) {
    for (int side = 0; side < 2; ++side) {
      result.fingers[side].pose = pose_from(robot.at("fingers").at(side));
      result.eye_angles[side] = robot.at("eye_angles").at(side);
    }
  }
  return result;
}

// A state and what the original scored it.
struct ScoringCase {
  std::string task;
  int id = 0;  // within the task's file
  std::string variant;
  envs::Scene scene;
  envs::State state;
  double score = 0;
};

// All cases of scoring/*.json in the folder `magical`.
inline std::vector<ScoringCase> scoring_cases(const std::filesystem::path& magical) {
  std::vector<ScoringCase> cases;
  for (const auto& file : files_in(magical / "scoring", ".json")) {
    const auto document = read_json(file);
    const std::string task = document.at("task");
    for (const auto& c : document.at("cases")) {
      const envs::Scene scene = scene_from(task, c.at("state"), c.at("roles"));
      cases.push_back({task, c.at("id"), c.at("variant"), scene, state_from(scene, c.at("state")),
                       c.at("score")});
    }
  }
  return cases;
}

// An initial state of a test variant, with its dynamics and its initial score.
struct VariantState {
  std::string task;
  std::string variant;
  envs::Scene scene;
  nlohmann::json roles;
  double initial_score = 0;
};

inline envs::Dynamics dynamics_from(const nlohmann::json& phys) {
  return {phys.at("robot_pos_joint_max_force"), phys.at("robot_rot_joint_max_force"),
          phys.at("robot_finger_max_force"), phys.at("shape_trans_joint_max_force"),
          phys.at("shape_rot_joint_max_force")};
}

// All states of variants.json.gz: every test variant but TestJitter.
inline std::vector<VariantState> variant_states(const std::filesystem::path& magical) {
  std::vector<VariantState> all;
  const auto document = read_json(magical / "variants.json.gz");
  for (const auto& [task, variants] : document.at("tasks").items()) {
    for (const auto& [variant, states] : variants.items()) {
      for (const auto& state : states) {
        envs::Scene scene = scene_from(task, state, state.at("roles"));
        scene.variant = variant;
        scene.dynamics = dynamics_from(state.at("phys"));
        all.push_back({task, variant, scene, state.at("roles"), state.at("initial_score")});
      }
    }
  }
  return all;
}

// The TestJitter states of jitter.json by task: the Demo scene with their poses and sizes.
inline std::map<std::string, std::vector<envs::Scene>> jitter_states(
    const std::filesystem::path& magical) {
  std::map<std::string, std::vector<envs::Scene>> all;
  const auto document = read_json(magical / "jitter.json");
  for (const auto& [task, states] : document.at("tasks").items()) {
    for (const auto& state : states) {
      envs::Scene scene = envs::sample_scene(task, "Demo", 0);
      scene.variant = "TestJitter";
      scene.robot = pose_from(state.at("robot"));
      for (size_t i = 0; i < scene.regions.size(); ++i) {
        const auto& r = state.at("regions").at(i);
        scene.regions[i] = {scene.regions[i].colour, r.at(0), r.at(1), r.at(2), r.at(3)};
      }
      for (size_t i = 0; i < scene.blocks.size(); ++i) {
        scene.blocks[i].pose = pose_from(state.at("blocks").at(i));
      }
      all[task].push_back(scene);
    }
  }
  return all;
}

// One row of a trace whose columns are named "robot.x", "finger_l.vx", "block0.w", "eye_r.angle".
inline envs::State state_from_row(const std::vector<std::string>& columns,
                                  const std::vector<double>& row) {
  if (columns.size() != row.size()) throw std::runtime_error("trace: row and columns differ");
  envs::State state;
  for (size_t i = 0; i < columns.size(); ++i) {
    const auto dot = columns[i].find('.');
    const std::string name = columns[i].substr(0, dot);
    const std::string field = columns[i].substr(dot + 1);
    if (name == "eye_l" || name == "eye_r") {
      (field == "w" ? state.eye_spins : state.eye_angles)[name == "eye_r"] = row[i];
      continue;
    }
    envs::BodyState* body = &state.robot;
    if (name == "finger_l") body = &state.fingers[0];
    if (name == "finger_r") body = &state.fingers[1];
    if (name.rfind("block", 0) == 0) {
      const size_t index = std::stoul(name.substr(5));
      if (state.blocks.size() <= index) state.blocks.resize(index + 1);
      body = &state.blocks[index];
    }
    const std::map<std::string, double*> fields = {
        {"x", &body->pose.x}, {"y", &body->pose.y}, {"angle", &body->pose.angle},
        {"vx", &body->vx},    {"vy", &body->vy},    {"w", &body->spin}};
    *fields.at(field) = row[i];
  }
  return state;
}

inline std::vector<envs::State> trace_from(const nlohmann::json& columns,
                                           const nlohmann::json& rows) {
  std::vector<envs::State> trace;
  for (const auto& row : rows) {
    trace.push_back(
        state_from_row(columns.get<std::vector<std::string>>(), row.get<std::vector<double>>()));
  }
  return trace;
}

// The larger of the two axes' distances.
inline double axis_distance(const envs::Pose& a, const envs::Pose& b) {
  return std::max(std::abs(a.x - b.x), std::abs(a.y - b.y));
}

inline double distance(const envs::Pose& a, const envs::Pose& b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

inline double largest(const nlohmann::json& numbers) {
  double result = 0;
  for (const double value : numbers) result = std::max(result, value);
  return result;
}

// The q-quantile (q in [0, 1]) of `values`, which must not be empty.
inline double quantile(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  return values.at(static_cast<size_t>(q * static_cast<double>(values.size() - 1) + 0.5));
}

}  // namespace mint::tests
