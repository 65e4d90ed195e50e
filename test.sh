#!/usr/bin/env bash
# Builds everything and runs every test; with --long storms, crash points, strikes and fuzzing at full length, which takes an hour and more.
# As root on a Debian-like system it first installs the real programs that the integration tests make collide; elsewhere the tests that lack
# a part skip and say so. With CI=true a missing part is a failure.
set -uo pipefail
cd "$(dirname "$0")"

# What a shell starts in the background ignores Ctrl-C, and so would every program below: then no test of Ctrl-C could pass.
ignored=$(sed -n 's/^SigIgn:[[:space:]]*//p' /proc/self/status 2>/dev/null)
if (( 0x${ignored:-0} & 2 )) && env --default-signal=INT,QUIT true 2>/dev/null; then
  exec env --default-signal=INT,QUIT ./test.sh "$@"
fi

if [ "${1:-}" = --long ]; then
  shift
  export PORTIA_LONG=1 PORTIA_STRIKES="${PORTIA_STRIKES:-10000}" PORTIA_FUZZ="${PORTIA_FUZZ:-1000000}" PORTIA_KILLS="${PORTIA_KILLS:-200}"
fi

# What the integration tests start: servers that collide, a journal, a desktop that shows notifications, supervisors and
# containers, shells that complete, tools to compare with.
packages=(gcc libc6-dev golang-go python3 nodejs nginx-light redis-server postgresql php-cli
  systemd systemd-journal-remote libnotify-bin dbus xvfb xdotool xfce4-notifyd libglib2.0-bin lsof psmisc iproute2 util-linux tmux
  npm zsh fish mandoc chromium podman runc busybox-static prometheus)

missing=()
if command -v dpkg-query >/dev/null; then
  for package in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
fi
# A node that did not come from Debian serves as well.
if command -v node >/dev/null; then missing=("${missing[@]/#nodejs/}"); fi
if command -v npm >/dev/null; then missing=("${missing[@]/#npm/}"); fi
missing=(${missing[@]+"${missing[@]}"})
if [ -n "${missing[*]-}" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing what the integration tests need: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends ${missing[*]}; } >/dev/null || echo "apt-get could not install everything; tests that lack a part will say so."
  else
    echo "Not installed, so some integration tests will skip: ${missing[*]}"
  fi
fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build PortiaWatch.sln -c Release -v quiet -clp:NoSummary || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }
if [ "${CI:-}" = true ]; then
  dotnet format PortiaWatch.sln --no-restore --verify-no-changes || { echo "The code is not formatted: run dotnet format."; echo "0 passed, 1 failed, 0 skipped"; exit 1; }
fi

# The crash points are one test, and alone take half an hour in the long run.
hang=10min
if [ "${PORTIA_LONG:-}" = 1 ]; then hang=120min; fi

# Tests that measure something add a line.
PORTIA_FIGURES=$(mktemp)
export PORTIA_FIGURES
trap 'rm -f "$PORTIA_FIGURES"' EXIT

passed=0 failed=0 skipped=0
for project in tests/*.Tests; do
  output=$(mktemp)
  dotnet test "$project" -c Release --no-build --blame-hang-timeout "$hang" "$@" 2>&1 | tee "$output"
  status=${PIPESTATUS[0]}
  summary=$(grep -E '^(Passed|Failed|Skipped)! ' "$output" | tail -n 1)
  count() { printf '%s\n' "$summary" | sed -n "s/.*$1: *\([0-9]*\).*/\1/p"; }
  passed=$((passed + $(count Passed | grep . || echo 0)))
  skipped=$((skipped + $(count Skipped | grep . || echo 0)))
  bad=$(count Failed | grep . || echo 0)
  # A runner that crashed or ran nothing has failed, whatever it counted.
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  failed=$((failed + bad))
  rm -f "$output"
done

if [ -s "$PORTIA_FIGURES" ]; then
  echo
  echo "Figures${PORTIA_LONG:+ of the long run}:"
  sort "$PORTIA_FIGURES" | sed 's/^/  /'
  echo
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
