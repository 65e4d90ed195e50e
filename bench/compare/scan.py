#!/usr/bin/env python3
"""Compares the scanner with grep, ripgrep and cat: CPU time on one core, median of RUNS, interleaved. Usage: scan.py PORTIA [MEGABYTES] [RIPGREP15]"""
import os, shutil, statistics, subprocess, sys, tempfile

RUNS = 5
WORDINGS = ["EADDRINUSE", "address already in use", "address in use", "port is already allocated", "is already in use", "already running on port", "is being used by another", "errno 98", "errno 48",
            "only one usage of each socket address", "10048", "failed to bind to", "could not bind", "cannot listen", "AddrInUse"]
ANCHORS = ["addrinuse", "in use", "already allocated", "one usage of each socket", "10048", "failed to bind to port", "already running on port", "already being used"]


def run(command, path):
    # Into a file: grep stops at the first hit when it sees that nobody reads the rest.
    with tempfile.TemporaryFile() as null:
        child = subprocess.Popen([part.replace("{}", path) for part in command], stdout=null, stderr=null)
        _, _, usage = os.wait4(child.pid, 0)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    portia, size = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 256
    new = sys.argv[3] if len(sys.argv) > 3 else None
    os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[-1]})
    expression = "|".join(WORDINGS)
    tools = {"cat": ["cat", "{}"], "cat >/dev/null": ["sh", "-c", "exec cat {} >/dev/null"], "portia scan": [portia, "scan", "--json", "{}"], "grep -iE 15 wordings": ["grep", "-aciE", expression, "{}"]}
    for name, rg in (("ripgrep", shutil.which("rg")), ("ripgrep 15", new)):
        if rg:
            tools[f"{name} -i 15 wordings"] = [rg, "-aci", expression, "{}"]
            tools[f"{name} -iF 8 anchors"] = [rg, "-aciF"] + [part for anchor in ANCHORS for part in ("-e", anchor)] + ["{}"]
    here = os.path.dirname(os.path.abspath(__file__))
    with tempfile.TemporaryDirectory() as folder:
        empty = os.path.join(folder, "empty")
        open(empty, "w").close()
        print(f"{'MB/s of CPU time: median (min..max), start-up included; resident MB':<40}")
        for kind in ("text", "logstream", "journal"):
            path = os.path.join(folder, kind)
            subprocess.run([sys.executable, os.path.join(here, "scan-data.py"), kind, str(size << 20), path], check=True)
            seconds = {name: [] for name in tools}
            memory, start = {}, []
            for _ in range(RUNS):
                for name, command in tools.items():
                    taken, memory[name] = run(command, path)
                    seconds[name].append(taken)
                start.append(run(tools["portia scan"], empty)[0])
            total = os.path.getsize(path) / 1e6
            mine = statistics.median(seconds["portia scan"])
            net = max(mine - statistics.median(start), 1e-3)
            print(f"\n{kind}")
            for name, values in seconds.items():
                middle = statistics.median(values)
                print(f"  {name:<28}{total / middle:8.0f} ({total / max(values):.0f}..{total / min(values):.0f}){memory[name]:8.1f} MB   portia is {middle / mine:5.2f} times, without start-up {middle / net:5.2f}")
            print(f"  {'portia scan, no start-up':<28}{total / net:8.0f}   (start-up {statistics.median(start) * 1000:.0f} ms)")
            os.remove(path)


main()
