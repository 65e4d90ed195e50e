#!/usr/bin/env python3
"""How often the usual commands name exactly the processes that block a bind, over the random arrangements of the truth test.

    bench/compare/lookup-truth.py [COUNT]

PortiaWatch agrees in all of them: that is a test (TruthTests), not a measurement.
"""
import json
import pathlib
import subprocess
import sys

HELPER = pathlib.Path(__file__).parents[2] / "tests/PortiaWatch.Linux.Tests/helpers/arrangements.py"
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 200
COMMANDS = {
    "lsof -t -i :PORT": lambda t, p: ["lsof", "-nP", "-t", "-i", f"{t}:{p}"],
    "lsof -t -i :PORT -s TCP:LISTEN": lambda t, p: ["lsof", "-nP", "-t", "-i", f"{t}:{p}"] + (["-s", "TCP:LISTEN"] if t == "tcp" else []),
    "fuser PORT/tcp": lambda t, p: ["fuser", f"{p}/{t}"],
}


def pids(command):
    return sorted({int(word) for word in subprocess.run(command, capture_output=True, text=True).stdout.split() if word.isdigit()})


builder = subprocess.Popen([sys.executable, HELPER, "5", str(COUNT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
asked = 0
right = dict.fromkeys(COMMANDS, 0)
strangers = dict.fromkeys(COMMANDS, 0)
missed = dict.fromkeys(COMMANDS, 0)
for line in builder.stdout:
    truth = json.loads(line)
    if truth["port"] is not None and truth["contender"] is None:
        asked += 1
        for name, command in COMMANDS.items():
            found = pids(command(truth["transport"], truth["port"]))
            right[name] += found == truth["holders"]
            strangers[name] += bool(set(found) - set(truth["holders"]))
            missed[name] += bool(set(truth["holders"]) - set(found))
    builder.stdin.write("next\n")
    builder.stdin.flush()
print(f"| of {asked} arrangements | exactly right | names somebody who does not block it | misses a holder |\n|---|---|---|---|")
for name in COMMANDS:
    print(f"| `{name}` | {right[name]} | {strangers[name]} | {missed[name]} |")
