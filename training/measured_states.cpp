#include "training/measured_states.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <utility>

#include "envs/draw.h"
#include "envs/geometry.h"
#include "envs/image.h"
#include "envs/random.h"
#include "envs/robot_geometry.h"
#include "envs/world.h"

namespace mint::training {
namespace {

using envs::State;
using envs::Vec2;
using Frame = std::vector<uint8_t>;

constexpr int kIterations = 8;       // of Gauss and Newton, a frame
constexpr double kEnough = 0.02;     // levels of 255, on average; well measured frames have 0.03
constexpr double kWorthwhile = 0.9;  // of its error an iteration leaves at most, or it is the last
constexpr double kNoticed = 400;     // squared levels around an entity, below which it stays
constexpr double kLost = 0.12;       // levels; beyond it something is at quite another place
constexpr int kSearches = 4;         // for what is lost, a frame
constexpr int kDraws = 80;           // of an entity's place, a search
constexpr double kSpread = 0.06;     // of the draws, units
constexpr double kSpread_rad = 0.25;
constexpr double kProbe = 0.011;  // half a pixel of 96: what a derivative moves by, units
constexpr double kProbe_rad = 0.06;
constexpr double kLargest = 0.04;  // step of one iteration, units
constexpr double kLargest_rad = 0.25;
constexpr double kDamping = 1e-3;    // of the diagonal
constexpr double kRobotReach = 0.6;  // of a window around the robot, gripper and all
constexpr double kBlockReach = 0.25;

// One number that may be changed to make a state fit its frame.
struct Parameter {
  enum class Kind { kX, kY, kAngle, kLeftFinger, kRightFinger };
  int entity = -1;  // block, -1 for the robot
  Kind kind = Kind::kX;
};

bool is_angle(const Parameter& parameter) {
  return parameter.kind != Parameter::Kind::kX && parameter.kind != Parameter::Kind::kY;
}

void turn_about(const Vec2& centre, double angle, envs::Pose& pose) {
  const Vec2 turned = centre + envs::rotate(Vec2{pose.x, pose.y} - centre, angle);
  pose = {turned.x, turned.y, pose.angle + angle};
}

// The robot moves as a whole; its eyes keep their direction relative to it.
void change_robot(State& state, Parameter::Kind kind, double by) {
  using Kind = Parameter::Kind;
  envs::Pose& robot = state.robot.pose;
  const Vec2 centre = {robot.x, robot.y};
  if (kind == Kind::kLeftFinger || kind == Kind::kRightFinger) {
    state.fingers[kind == Kind::kLeftFinger ? envs::kLeft : envs::kRight].pose.angle += by;
    return;
  }
  for (envs::Pose* pose : {&robot, &state.fingers[0].pose, &state.fingers[1].pose}) {
    if (kind == Kind::kX) pose->x += by;
    if (kind == Kind::kY) pose->y += by;
    if (kind == Kind::kAngle) turn_about(centre, by, *pose);
  }
  if (kind == Kind::kAngle) {
    for (double& eye : state.eye_angles) eye += by;
  }
}

void change(State& state, const Parameter& parameter, double by) {
  if (parameter.entity < 0) {
    change_robot(state, parameter.kind, by);
    return;
  }
  envs::Pose& pose = state.blocks[parameter.entity].pose;
  if (parameter.kind == Parameter::Kind::kX) pose.x += by;
  if (parameter.kind == Parameter::Kind::kY) pose.y += by;
  if (parameter.kind == Parameter::Kind::kAngle) pose.angle += by;
}

// A square of pixels, [left, right) x [top, bottom).
struct Window {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
};

Window window_around(const envs::Pose& pose, double reach) {
  constexpr double kPixelsPerUnit = envs::kObservationSize_px / 2.04;
  const double x = envs::kObservationSize_px / 2 + kPixelsPerUnit * pose.x;
  const double y = envs::kObservationSize_px / 2 - kPixelsPerUnit * pose.y;
  const double half = kPixelsPerUnit * reach;
  const auto clamped = [](double value) {
    return std::clamp(static_cast<int>(std::lround(value)), 0, envs::kObservationSize_px);
  };
  return {clamped(x - half), clamped(y - half), clamped(x + half), clamped(y + half)};
}

// Calls `visit` with the index of every value in the window of a frame [96, 96, 3].
template <typename Visit>
void for_each_value(const Window& window, const Visit& visit) {
  for (int y = window.top; y < window.bottom; ++y) {
    const int row = 3 * envs::kObservationSize_px * y;
    for (int i = row + 3 * window.left; i < row + 3 * window.right; ++i) visit(i);
  }
}

class Fit {
 public:
  Fit(const envs::Scene& scene, const uint8_t* target, State state)
      : scene_(scene), target_(target), state_(std::move(state)), drawn_(envs::kObservationBytes) {
    error_ = error_of(state_, drawn_);
  }

  void run(envs::Random& random) {
    descend();
    for (int i = 0; i < kSearches && mean_residual() > kLost; ++i) {
      search(random);
      descend();
    }
  }

  const State& state() const { return state_; }

  double mean_residual() const {
    int64_t sum = 0;
    for (int i = 0; i < envs::kObservationBytes; ++i) sum += std::abs(drawn_[i] - target_[i]);
    return static_cast<double>(sum) / envs::kObservationBytes;
  }

 private:
  void descend() {
    for (int i = 0; i < kIterations && mean_residual() > kEnough; ++i) {
      const std::vector<Parameter> parameters = noticed();
      const double before = error_;
      if (parameters.empty() || !improve(parameters) || error_ > kWorthwhile * before) return;
    }
  }

  // Looks farther away, for one entity after another: to first order only a pixel or two count.
  void search(envs::Random& random) {
    const std::vector<Parameter> parameters = noticed();
    for (size_t first = 0; first < parameters.size();) {
      size_t last = first;
      while (last < parameters.size() && parameters[last].entity == parameters[first].entity)
        ++last;
      const State centre = state_;
      for (int draw = 0; draw < kDraws; ++draw) {
        State moved = centre;
        for (size_t i = first; i < last; ++i) {
          const double spread = is_angle(parameters[i]) ? kSpread_rad : kSpread;
          change(moved, parameters[i], spread * random.normal());
        }
        accept(std::move(moved));
      }
      first = last;
    }
  }

  // Takes `moved` if its error is smaller.
  bool accept(State moved) {
    Frame drawn(envs::kObservationBytes);
    const double error = error_of(moved, drawn);
    if (error >= error_) return false;
    state_ = std::move(moved);
    drawn_ = std::move(drawn);
    error_ = error;
    return true;
  }

  // The sum of squared differences.
  double error_of(const State& state, Frame& drawn) const {
    envs::draw_observation(scene_, state, envs::Camera::kAllocentric, drawn.data());
    int64_t sum = 0;
    for (int i = 0; i < envs::kObservationBytes; ++i) {
      const int off = drawn[i] - target_[i];
      sum += off * off;
    }
    return static_cast<double>(sum);
  }

  Window window_of(int entity) const {
    if (entity < 0) return window_around(state_.robot.pose, kRobotReach);
    return window_around(state_.blocks[entity].pose, kBlockReach);
  }

  bool is_noticed(int entity) const {
    int64_t sum = 0;
    for_each_value(window_of(entity), [&](int i) {
      const int off = drawn_[i] - target_[i];
      sum += off * off;
    });
    return static_cast<double>(sum) > kNoticed;
  }

  // The parameters of all entities around which the drawing differs from the frame.
  std::vector<Parameter> noticed() const {
    using Kind = Parameter::Kind;
    std::vector<Parameter> parameters;
    if (is_noticed(-1)) {
      for (const Kind kind :
           {Kind::kX, Kind::kY, Kind::kAngle, Kind::kLeftFinger, Kind::kRightFinger}) {
        parameters.push_back({-1, kind});
      }
    }
    for (int block = 0; block < static_cast<int>(state_.blocks.size()); ++block) {
      if (!is_noticed(block)) continue;
      parameters.push_back({block, Kind::kX});
      parameters.push_back({block, Kind::kY});
      if (scene_.blocks[block].shape != envs::Shape::kCircle)
        parameters.push_back({block, Kind::kAngle});
    }
    return parameters;
  }

  // One step of Gauss and Newton, shortened until it makes the error smaller; false if none does.
  bool improve(const std::vector<Parameter>& parameters) {
    const std::vector<double> step = solve(parameters);
    for (double share = 1; share > 0.1; share /= 2) {
      State moved = state_;
      for (size_t i = 0; i < parameters.size(); ++i) change(moved, parameters[i], share * step[i]);
      if (accept(std::move(moved))) return true;
    }
    return false;
  }

  // The change of each parameter that, to first order, makes the error smallest.
  std::vector<double> solve(const std::vector<Parameter>& parameters) const {
    const size_t n = parameters.size();
    std::vector<Slope> slopes;
    std::vector<std::vector<double>> matrix;  // [n, n + 1]
    for (const Parameter& parameter : parameters) {
      slopes.push_back(slope_of(parameter));
      matrix.emplace_back(n + 1);
    }
    for (size_t i = 0; i < n; ++i) {
      for (size_t j = i; j < n; ++j) {
        double sum = 0;
        for_each_value(slopes[i].window,
                       [&](int p) { sum += double{slopes[i].values[p]} * slopes[j].values[p]; });
        matrix[i][j] = matrix[j][i] = sum;
      }
      for_each_value(slopes[i].window, [&](int p) {
        matrix[i][n] += double{slopes[i].values[p]} * (target_[p] - drawn_[p]);
      });
      matrix[i][i] = matrix[i][i] * (1 + kDamping) + 1;
    }
    return limited(parameters, eliminate(std::move(matrix)));
  }

  // How every value of the frame changes with a parameter: zero outside the window.
  struct Slope {
    Window window;
    std::vector<float> values;
  };

  Slope slope_of(const Parameter& parameter) const {
    const double probe = is_angle(parameter) ? kProbe_rad : kProbe;
    Frame before(envs::kObservationBytes);
    Frame after(envs::kObservationBytes);
    for (const double side : {-1, 1}) {
      State moved = state_;
      change(moved, parameter, side * probe);
      envs::draw_observation(scene_, moved, envs::Camera::kAllocentric,
                             side < 0 ? before.data() : after.data());
    }
    Slope slope = {window_of(parameter.entity), std::vector<float>(envs::kObservationBytes)};
    for_each_value(slope.window, [&](int p) {
      slope.values[p] = static_cast<float>((after[p] - before[p]) / (2 * probe));
    });
    return slope;
  }

  // Solves a positive definite system [n, n + 1].
  static std::vector<double> eliminate(std::vector<std::vector<double>> matrix) {
    const size_t n = matrix.size();
    for (size_t i = 0; i < n; ++i) {
      for (size_t row = i + 1; row < n; ++row) {
        const double factor = matrix[row][i] / matrix[i][i];
        for (size_t column = i; column <= n; ++column)
          matrix[row][column] -= factor * matrix[i][column];
      }
    }
    std::vector<double> x(n);
    for (size_t i = n; i-- > 0;) {
      double rest = matrix[i][n];
      for (size_t column = i + 1; column < n; ++column) rest -= matrix[i][column] * x[column];
      x[i] = rest / matrix[i][i];
    }
    return x;
  }

  static std::vector<double> limited(const std::vector<Parameter>& parameters,
                                     std::vector<double> step) {
    for (size_t i = 0; i < step.size(); ++i) {
      const double most = is_angle(parameters[i]) ? kLargest_rad : kLargest;
      step[i] = std::clamp(step[i], -most, most);
    }
    return step;
  }

  const envs::Scene& scene_;
  const uint8_t* target_;
  State state_;
  Frame drawn_;  // of state_
  double error_ = 0;
};

}  // namespace

MeasuredStates measure_states(const envs::Scene& scene, const std::vector<int>& actions,
                              const std::vector<uint8_t>& frames) {
  const size_t count = actions.size() + 1;
  if (frames.size() != count * envs::kObservationBytes) {
    throw std::invalid_argument(
        "measure_states: frames: expected " + std::to_string(count * envs::kObservationBytes) +
        " bytes (96x96, one frame more than actions), got " + std::to_string(frames.size()));
  }
  MeasuredStates measured;
  envs::World world(scene);
  envs::Random random(0);
  for (size_t t = 0; t < count; ++t) {
    if (t > 0) {
      world.restore(measured.states.back());
      world.step(actions[t - 1]);
    }
    Fit fit(scene, &frames[t * envs::kObservationBytes], world.state());
    fit.run(random);
    measured.states.push_back(fit.state());
    measured.residuals.push_back(fit.mean_residual());
  }
  return measured;
}

}  // namespace mint::training
