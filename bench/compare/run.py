#!/usr/bin/env python3
"""`portia run` beside script(1): what each adds to the start of a command, and how fast 100 MB of output pass, on the same pseudo-terminal and through pipes.

    bench/compare/run.py PATH/TO/portia [--rounds N] [--megabytes N]

Medians of alternating rounds; the ratio is what counts.
"""
import argparse, os, pty, statistics, subprocess, tempfile, time, tty

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("portia")
parser.add_argument("--rounds", type=int, default=9)
parser.add_argument("--megabytes", type=int, default=100)
arguments = parser.parse_args()
portia = os.path.abspath(arguments.portia)


def on_terminal(command):
    """Runs it on a raw pseudo-terminal as a terminal emulator does; seconds, bytes shown, the first bytes, and the peak memory in MB."""
    begun = time.perf_counter()
    pid, master = pty.fork()
    if pid == 0:
        tty.setraw(0)
        os.execvp(command[0], command)
    count, first = 0, b""
    while True:
        try:
            data = os.read(master, 1 << 16)
        except OSError:
            break
        if not data:
            break
        first = first or data
        count += len(data)
    _, _, usage = os.wait4(pid, 0)
    os.close(master)
    return time.perf_counter() - begun, count, first, usage.ru_maxrss / 1024


def starts(command):
    """Milliseconds until the command's own first word, which is the time."""
    now = time.time_ns()
    return (int(on_terminal(command)[2].split()[0]) - now) / 1e6


def rounds(measure, commands):
    results = {name: [] for name in commands}
    for _ in range(arguments.rounds):
        for name, command in commands.items():
            results[name].append(measure(command))
    return results


clock = ["date", "+%s%N"]
found = rounds(starts, {"directly": clock, "script -qc": ["script", "-qc", " ".join(clock), "/dev/null"], "portia run": [portia, "run", "--", *clock]})
base = statistics.median(found["directly"])
print("start of a command, ms more than directly (median, best)")
for name, times in found.items():
    print(f"  {name:12} {statistics.median(times) - base:6.1f} {min(times) - min(found['directly']):6.1f}")

with tempfile.NamedTemporaryFile() as text:
    line = b"2026-07-26 10:00:00 INFO  GET /api/orders/4121 200 in 12 ms (node, worker 3)\n"
    text.write(line * (arguments.megabytes * 1_000_000 // len(line)))
    text.flush()
    size = os.path.getsize(text.name)
    show = f"stty raw; cat {text.name}"
    found = rounds(on_terminal, {"directly": ["sh", "-c", show], "script -qc": ["script", "-qc", show, "/dev/null"], "portia run": [portia, "run", "--", "sh", "-c", show]})
    print(f"{size / 1e6:.0f} MB on a terminal, MB/s (median), peak memory, complete")
    speeds = {}
    for name, runs in found.items():
        speeds[name] = size / 1e6 / statistics.median(run[0] for run in runs)
        print(f"  {name:12} {speeds[name]:7.0f} {max(run[3] for run in runs):6.0f} MB   {'yes' if all(run[1] == size for run in runs) else 'NO'}")
    print(f"  portia run passes {speeds['portia run'] / speeds['script -qc']:.2f} of script's speed")

    def through_pipe(command):
        begun = time.perf_counter()
        wc = subprocess.run(["sh", "-c", " ".join(command) + " | wc -c"], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=True)
        assert int(wc.stdout) == size
        return time.perf_counter() - begun

    found = rounds(through_pipe, {"directly": ["cat", text.name], "portia run": [portia, "run", "--", "cat", text.name]})
    print("the same through a pipe, MB/s (median)")
    for name, times in found.items():
        print(f"  {name:12} {size / 1e6 / statistics.median(times):7.0f}")
