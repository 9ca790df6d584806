#!/usr/bin/env bash
# Launcher: installs what is missing (Debian packages), configures, builds, runs.
#
#   ./mint [--yes] <command> …     builds what changed, then runs the program; `./mint --help`
#   ./mint [--yes] test [--all]    builds and runs the tests; --all includes the slow ones
set -euo pipefail

root=$(dirname "$(readlink -f "$0")")
build=$root/build/release
packages=(g++ cmake ninja-build ccache libtorch-dev libopenblas0-pthread libopencv-dev libbox2d-dev
  libsdl2-dev libyaml-cpp-dev libcli11-dev nlohmann-json3-dev libhdf5-dev libgif-dev zlib1g-dev
  libgtest-dev xvfb xauth xdotool)

yes=no
if [[ ${1-} == --yes ]]; then
  yes=yes
  shift
fi
if [[ $# -eq 0 ]]; then set -- --help; fi

die() {
  echo "mint: $1" >&2
  exit 1
}

install_missing() {
  command -v dpkg-query >/dev/null || return 0  # not Debian: CMake says what it does not find
  local missing=() package
  for package in "${packages[@]}"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
      missing+=("$package")
  done
  [[ ${#missing[@]} -eq 0 ]] && return 0
  echo "mint: missing packages: ${missing[*]}" >&2
  local as_root=()
  if [[ $(id -u) -ne 0 ]]; then
    command -v sudo >/dev/null || die "not root and no sudo: install them with apt-get, then retry"
    as_root=(sudo)
    if [[ $yes == no ]]; then
      [[ -t 0 ]] || die "install them with apt-get, or run again with --yes"
      read -r -p "mint: install them with apt-get? [Y/n] " answer
      [[ $answer == "" || $answer == [yY]* ]] || die "cannot build without them"
    fi
  fi
  local log
  log=$(mktemp)
  echo "mint: installing (log: $log)" >&2
  { "${as_root[@]}" apt-get update &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null ||
    { tail -n 5 "$log" >&2; die "apt-get failed; see $log"; }
}

# Builds the targets given; prints Ninja's progress only when there is something to do.
build() {
  if [[ ! -f $build/build.ninja ]]; then
    mkdir -p "$build"
    (cd "$root" && cmake --preset release) >"$build/configure.log" 2>&1 ||
      { tail -n 20 "$build/configure.log" >&2; die "configuring failed; see $build/configure.log"; }
  fi
  # First the lists of sources alone: with them still to be checked a dry run always finds work.
  # Under its absolute name the manifest is taken as it is then.
  ninja -C "$build" build.ninja >"$build/configure.log" 2>&1 ||
    { tail -n 20 "$build/configure.log" >&2; die "configuring failed; see $build/configure.log"; }
  if ! ninja -C "$build" -f "$build/build.ninja" -n "$@" 2>&1 | grep -q "no work to do"; then
    echo "mint: building (the first time takes several minutes)" >&2
    ninja -C "$build" "$@" >&2 || die "the build failed"
  fi
}

export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1} OPENBLAS_NUM_THREADS=${OPENBLAS_NUM_THREADS:-1}
install_missing
if [[ $1 == test ]]; then
  shift
  selection=(-LE slow)
  if [[ ${1-} == --all ]]; then
    selection=()
    shift
  fi
  build all
  exec ctest --test-dir "$build" --parallel 2 --output-on-failure "${selection[@]}" "$@"
fi
build mint
exec "$build/mint" "$@"
