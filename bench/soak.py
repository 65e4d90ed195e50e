#!/usr/bin/env python3
"""Runs the watcher for as long as asked under a realistic mix and samples what it costs.

    bench/soak.py --minutes 30 --svg docs/reliability.svg

The mix, from one seed: a log that grows by bursts of ordinary lines, failures among them, real refused binds for the kernel's eyes where the
rights allow it, a log that is rotated, a configuration that is saved again, people who look at the status. Rules only log: nothing is stopped.
Samples every few seconds: resident memory, descriptors, threads, context switches, CPU. At the end every failure must have been counted.
"""
import argparse
import csv
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ORDINARY = "2026-11-22T12:00:00.123Z INFO  [http] GET /api/items/4711 200 12.4 ms - 1523 bytes\n"
CURVES = [("memory, MB", "rss_mb"), ("descriptors", "descriptors"), ("threads", "threads"), ("CPU, ms per s", "cpu_ms_per_s"),
          ("context switches per s", "switches_per_s")]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--every", type=float, default=5, help="seconds between two samples")
    parser.add_argument("--portia", default=os.path.join(ROOT, "artifacts/bin/PortiaWatch/release/portia"))
    parser.add_argument("--pace", type=float, default=1, help="times as fast, to see in minutes what hours would do")
    parser.add_argument("--csv", help="where the samples go")
    parser.add_argument("--svg", help="where the plot goes")
    parser.add_argument("--seed", type=int, default=20261122)
    return parser.parse_args()


def status_of(pid):
    with open(f"/proc/{pid}/status") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def sample(pid):
    status = status_of(pid)
    switches = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/status") as file:
                switches += sum(int(line.split()[1]) for line in file if "ctxt_switches" in line)
        except FileNotFoundError:
            pass
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    ticks = int(fields[11]) + int(fields[12])
    return {"rss_mb": int(status["VmRSS"].split()[0]) / 1024, "peak_mb": int(status["VmHWM"].split()[0]) / 1024,
            "descriptors": len(os.listdir(f"/proc/{pid}/fd")), "threads": int(status["Threads"]),
            "switches": switches, "cpu_ms": ticks * 1000 / os.sysconf("SC_CLK_TCK")}


class Soak:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.random = random.Random(options.seed)
        self.log, self.config = os.path.join(folder, "app.log"), os.path.join(folder, "portia.json")
        self.failures = self.lines = self.binds = self.rotations = self.reloads = 0
        open(self.log, "w").close()
        self.save_configuration()
        self.environment = {**os.environ, "XDG_RUNTIME_DIR": folder, "XDG_DATA_HOME": folder, "XDG_STATE_HOME": folder, "XDG_CONFIG_HOME": folder}

    def save_configuration(self):
        with open(self.config + ".new", "w") as file:
            json.dump({"sources": {"systemLog": False, "files": [self.log]}, "debounce": {"window": "1s"}, "rules": [{"action": "log"}]}, file)
        os.replace(self.config + ".new", self.config)

    def start(self):
        self.messages = open(os.path.join(self.folder, "messages"), "w+")
        self.watcher = subprocess.Popen([self.options.portia, "watch", "--json", "--config", self.config], env=self.environment,
                                        stdin=subprocess.DEVNULL, stdout=open(os.path.join(self.folder, "out"), "w"), stderr=self.messages)
        for _ in range(600):
            with open(self.messages.name) as file:
                if "Source file is running" in (text := file.read()) and "Source hook is running" in text:
                    return
            if self.watcher.poll() is not None:
                break
            time.sleep(0.1)
        sys.exit(f"the watcher did not start: {open(self.messages.name).read()}")

    def status(self):
        answer = subprocess.run([self.options.portia, "status", "--json"], env=self.environment, capture_output=True, text=True)
        return json.loads(answer.stdout)

    def live_a_little(self):
        """About a second of a developer's machine."""
        burst = self.random.choice([0, 0, 20, 200, 5000])
        with open(self.log, "a") as file:
            file.write(ORDINARY * burst)
            for _ in range(self.random.choice([0, 0, 1, 3])):
                # Counted by its port, so each is one failure of its own.
                file.write(f"listen tcp 127.9.{self.failures // 20000}.1:{20000 + self.failures % 20000}: bind: address already in use\n")
                self.failures += 1
        self.lines += burst
        chance = self.random.random()
        if chance < 0.2:
            self.refuse_a_bind()
        elif chance < 0.22:
            os.replace(self.log, self.log + ".1")
            open(self.log, "w").close()
            self.rotations += 1
        elif chance < 0.24:
            self.save_configuration()
            self.reloads += 1
        elif chance < 0.28:
            subprocess.run([self.options.portia, "status"], env=self.environment, capture_output=True)
        time.sleep(self.random.uniform(0.5, 1.5) / self.options.pace)

    def refuse_a_bind(self):
        with socket.socket() as holder, socket.socket() as refused:
            holder.bind(("127.0.0.1", 0))
            holder.listen()
            try:
                refused.bind(holder.getsockname())
            except OSError:
                self.binds += 1

    def run(self):
        self.start()
        rows, begin, due = [], time.monotonic(), 0.0
        try:
            while (now := time.monotonic() - begin) < self.options.minutes * 60:
                if now >= due:
                    rows.append({"seconds": round(now, 1), **sample(self.watcher.pid)})
                    due = now + self.options.every
                self.live_a_little()
            time.sleep(3)
            rows.append({"seconds": round(time.monotonic() - begin, 1), **sample(self.watcher.pid)})
            return rows, self.status()
        finally:
            self.watcher.send_signal(signal.SIGTERM)
            self.watcher.wait(10)


def rates(rows):
    for before, row in zip(rows[:1] + rows, rows):
        seconds = max(row["seconds"] - before["seconds"], 0.001)
        row["cpu_ms_per_s"] = (row["cpu_ms"] - before["cpu_ms"]) / seconds if before is not row else 0
        # A thread that has ended takes its count along.
        row["switches_per_s"] = max(row["switches"] - before["switches"], 0) / seconds if before is not row else 0
    return rows[1:]


def plot(rows, title):
    width, height, left, top = 760, 110, 150, 50
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width + left + 20} {top + height * len(CURVES) + 30}" font-family="system-ui, sans-serif" font-size="12">',
             '<rect width="100%" height="100%" fill="#fff"/>', f'<text x="16" y="26" font-size="16" fill="#222">{title}</text>']
    end = rows[-1]["seconds"]
    for number, (label, key) in enumerate(CURVES):
        base, most = top + height * (number + 1) - 20, max(row[key] for row in rows) * 1.15 or 1
        points = " ".join(f'{left + row["seconds"] / end * width:.1f},{base - row[key] / most * (height - 34):.1f}' for row in rows)
        parts += [f'<line x1="{left}" y1="{base}" x2="{left + width}" y2="{base}" stroke="#bbb"/>',
                  f'<text x="16" y="{base - 30}" fill="#222">{label}</text>',
                  f'<text x="16" y="{base - 12}" fill="#777">{rows[0][key]:.0f} → {rows[-1][key]:.0f}, most {max(row[key] for row in rows):.0f}</text>',
                  f'<polyline points="{points}" fill="none" stroke="#2563a8" stroke-width="1.5"/>']
    parts.append(f'<text x="{left}" y="{top + height * len(CURVES) + 8}" fill="#777">0</text>')
    parts.append(f'<text x="{left + width}" y="{top + height * len(CURVES) + 8}" fill="#777" text-anchor="end">{end / 60:.0f} min</text></svg>')
    return "\n".join(parts) + "\n"


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="portia-soak-") as folder:
        soak = Soak(options, folder)
        rows, status = soak.run()
    rows = rates(rows)
    if options.csv:
        with open(options.csv, "w", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    if options.svg:
        with open(options.svg, "w") as file:
            file.write(plot(rows, f"{options.minutes:g} minutes of portia watch: {soak.lines:,} lines, {soak.failures:,} failures in logs, {soak.binds:,} refused binds"))
    settled = rows[len(rows) // 4:]
    counted = status["counters"]["collisions"]
    print(f"{options.minutes:g} minutes: {soak.lines:,} lines, {soak.failures:,} failures written, {soak.binds:,} binds refused, {soak.rotations} rotations, {soak.reloads} reloads")
    print(f"collisions counted: {counted:,}; drops: {status['drops'] or 'none'}")
    for label, key in CURVES:
        values = [row[key] for row in settled]
        print(f"{label}: {values[0]:.1f} after a quarter, {values[-1]:.1f} at the end, most {max(values):.1f}")
    if counted < soak.failures or status["drops"]:
        sys.exit("failures were lost")


if __name__ == "__main__":
    main()
