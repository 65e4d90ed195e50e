#!/bin/sh
# Who holds a port: PortiaWatch beside lsof and ss, in one run, on a machine filled for the purpose.
#
#     bench/compare/lookup.sh [PROCESSES LISTENERS_EACH FILES_EACH [ROUNDS]]
#
# 100 2 30 is a developer's machine (about 200 listeners), 1000 10 22 a crowded one (10,000). Prints min, median and max in milliseconds and the ratios of the medians.
# Needs cc, lsof, ss, python3 and the .NET SDK. Run it on a quiet machine: the lookup uses two threads, the others one.
set -eu
processes=${1:-1000} listeners=${2:-10} files=${3:-22} rounds=${4:-9}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'exec 9>&-; wait; rm -rf "$work"' EXIT

cc -O2 -w -o "$work/crowd" "$here/crowd.c"
dotnet build -c Release -v q "$root/bench/PortiaWatch.Benchmarks" >&2
mkfifo "$work/hold"
exec 9<>"$work/hold"
"$work/crowd" "$processes" "$listeners" "$files" <"$work/hold" >"$work/target" 9>&- &
while ! [ -s "$work/target" ]; do sleep 0.1; done
read -r port pid <"$work/target"

# PortiaWatch runs between the rounds of the others, so that all of them see the same machine.
milliseconds() {
    start=$(date +%s%N)
    "$@" >/dev/null 2>&1 || true
    end=$(date +%s%N)
    echo "$1 $(((end - start) / 1000))" >>"$work/times"
}
half=$(((rounds + 1) / 2))
round() {
    for _ in $(seq "$half"); do
        milliseconds lsof -nP -iTCP:"$port" -sTCP:LISTEN
        milliseconds ss -ltnp "sport = :$port"
    done
}
round
dotnet "$root/artifacts/bin/PortiaWatch.Benchmarks/release/PortiaWatch.Benchmarks.dll" lookup "127.0.0.1:$port" "$pid" >"$work/portia"
round
kill $!

python3 - "$work/times" "$work/portia" <<'TABLE'
import statistics
import sys

runs = {}
for line in open(sys.argv[1]):
    tool, microseconds = line.split()
    runs.setdefault(tool, []).append(float(microseconds))
for line in open(sys.argv[2]):
    name, values = line.rstrip("\n").split("\t")
    if not name.endswith("processor time"):
        runs["PortiaWatch, " + name] = [float(value) for value in values.split()]
middle = {name: statistics.median(values) for name, values in runs.items()}
print("| | min ms | median ms | max ms | lsof / it | ss / it |\n|---|---|---|---|---|---|")
for name, values in runs.items():
    numbers = " | ".join(f"{value / 1000:.3f}" for value in (min(values), middle[name], max(values)))
    ratios = " | " if "strike" in name else f"{middle['lsof'] / middle[name]:.1f} | {middle['ss'] / middle[name]:.1f}"
    print(f"| {name} | {numbers} | {ratios} |")
TABLE
