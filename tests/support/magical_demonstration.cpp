#include "tests/support/magical_demonstration.h"
#include "tests/support/files.h"

#include <cstring>

#include "tests/support/pickle_writer.h"

namespace mint::tests {
namespace {

void write_array(PickleWriter& w, const std::vector<int32_t>& shape, const std::string& order,
                 const std::string& type, bool is_fortran, const std::string& data) {
  w.global("numpy.core.multiarray", "_reconstruct").global("numpy", "ndarray");
  w.integer(0).op(kTuple1).letter('b').op(kTuple3).op(kReduce);
  w.op(kMark).integer(1).op(kMark);
  for (const int32_t size : shape) w.integer(size);
  w.op(kTuple).global("numpy", "dtype").text(type).integer(0).integer(1);
  w.op(kTuple3).op(kReduce).op(kMark).integer(3).text(order).op("NNN");
  w.integer(-1).integer(-1).integer(0).op(kTuple).op(kBuild);
  w.op(is_fortran ? kNone : kFalse).data(data).op(kTuple).op(kBuild);
}

// Frame t is of colour (10 t, 100, 200) with a lighter upper half in the allocentric view.
std::string image(const MagicalRecipe& recipe, int t, bool is_allocentric) {
  std::string bytes(recipe.image_bytes, '\0');
  for (size_t i = 0; i + 2 < bytes.size(); i += 3) {
    bytes[i] = static_cast<char>(10 * t + (is_allocentric && i < bytes.size() / 2 ? 5 : 0));
    bytes[i + 1] = 100;
    bytes[i + 2] = static_cast<char>(200);
  }
  return bytes;
}

}  // namespace

void write_magical_demonstration(const std::filesystem::path& file, const MagicalRecipe& recipe) {
  PickleWriter w;
  w.op(kEmptyDict).op(kMark).text("trajectory");
  w.global("milbench.baselines.saved_trajectories", recipe.trajectory_class).op(kMark);
  std::string actions(recipe.actions.size() * 8, '\0');
  if (!actions.empty()) std::memcpy(actions.data(), recipe.actions.data(), actions.size());
  write_array(w, {recipe.actions_shape}, recipe.order, recipe.actions_type, recipe.is_fortran,
              actions);
  w.op(kEmptyList).op(kMark);
  for (int t = 0; t < recipe.frames; ++t) {
    w.global("collections", "OrderedDict").op(kEmptyTuple).op(kReduce);
    w.op(kMark).text("allo");
    write_array(w, {recipe.height, 384, 3}, "|", "u1", false, image(recipe, t, true));
    w.text(recipe.second_view);
    write_array(w, {384, 384, 3}, "|", "u1", false, image(recipe, t, false));
    w.op(kSetItems);
  }
  w.op(kAppends).op(kEmptyList).op(kMark);
  for (int t = 0; t < recipe.rewards; ++t) w.real(0);
  w.op(kAppends).op(kEmptyList).op(kMark);
  for (size_t t = 0; t < recipe.actions.size(); ++t) w.op(kEmptyDict);
  w.op(kAppends).op(kTuple).op(kNewObj);
  w.text("score").real(recipe.score).text("env_name").text(recipe.env_name);
  w.op(kSetItems).op(kStop);
  write_file(file, gzip(w.bytes));
}

}  // namespace mint::tests
