#!/usr/bin/env python3
"""Whole-process figures of a published portia: idle watch (CPU, wake-ups, memory), from a line on stdin to the printed incident, and `who`.

    bench/compare/watch.py PATH/TO/portia [--idle SECONDS] [--lines N]
"""
import argparse, json, os, socket, statistics, subprocess, sys, tempfile, time


def quiet_environment(folder):
    return dict(os.environ, XDG_CONFIG_HOME=folder, XDG_STATE_HOME=folder, NO_COLOR="1")


def usage(pid):
    """By thread: CPU nanoseconds and context switches; and the resident memory in MB."""
    threads = {}
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            nanoseconds = int(open(f"/proc/{pid}/task/{task}/schedstat").read().split()[0])
            status = open(f"/proc/{pid}/task/{task}/status").read().splitlines()
            threads[task] = nanoseconds, sum(int(line.split()[1]) for line in status if "ctxt_switches" in line)
        except FileNotFoundError:
            pass  # the thread ended between listing and reading
    return threads, next(int(line.split()[1]) / 1024 for line in open(f"/proc/{pid}/status") if line.startswith("VmRSS"))


def spent(before, after):
    """What the threads that are there now spent in between."""
    return tuple(sum(now[i] - before.get(task, (0, 0))[i] for task, now in after.items()) for i in (0, 1))


def idle(portia, seconds, folder):
    watch = subprocess.Popen([portia, "watch", "--source", "stdin", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, env=quiet_environment(folder))
    time.sleep(45)  # past start-up and the runtime's own first housekeeping
    before, _ = usage(watch.pid)
    time.sleep(seconds)
    after, resident = usage(watch.pid)
    nanoseconds, switches = spent(before, after)
    watch.stdin.close()
    watch.wait()
    print(f"idle watch        {nanoseconds / 1e6 * 60 / seconds:.2f} ms CPU a minute, {switches / seconds:.2f} context switches a second, {len(after)} threads, {resident:.1f} MB resident")


def latency(portia, lines, folder):
    watch = subprocess.Popen([portia, "watch", "--source", "stdin", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, env=quiet_environment(folder))
    took = []
    for i in range(lines):
        line = f"Error: listen EADDRINUSE: address already in use 127.0.0.1:{20000 + i}\n".encode()
        began = time.perf_counter()
        watch.stdin.write(line)
        watch.stdin.flush()
        incident = json.loads(watch.stdout.readline())
        took.append((time.perf_counter() - began) * 1000)
        assert incident["endpoint"]["port"] == 20000 + i
        time.sleep(0.01)
    watch.stdin.close()
    watch.wait()
    first, rest = took[0], sorted(took[1:])
    print(f"line to incident  first {first:.1f} ms, then min {rest[0]:.2f}  median {statistics.median(rest):.2f}  p99 {rest[int(len(rest) * 0.99)]:.2f}  max {rest[-1]:.2f} ms over {len(rest)}")


def who(portia, runs, folder):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = str(held.getsockname()[1])
        for name, command in (("portia who", [portia, "who", port]), ("lsof", ["lsof", "-nP", f"-iTCP:{port}", "-sTCP:LISTEN"])):
            took = []
            for _ in range(runs + 1):
                began = time.perf_counter()
                code = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=quiet_environment(folder)).returncode
                took.append((time.perf_counter() - began) * 1000)
                assert code == 0, (command, code)
            took = sorted(took[1:])
            print(f"{name:<17} min {took[0]:.1f}  median {statistics.median(took):.1f}  max {took[-1]:.1f} ms over {runs}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("portia")
    parser.add_argument("--idle", type=int, default=60)
    parser.add_argument("--lines", type=int, default=500)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        who(arguments.portia, 15, folder)
        latency(arguments.portia, arguments.lines, folder)
        idle(arguments.portia, arguments.idle, folder)
    sys.exit(0)
