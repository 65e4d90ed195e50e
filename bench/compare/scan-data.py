#!/usr/bin/env python3
"""Writes the inputs of the scanner comparison: plain text, `log stream` NDJSON and journald JSON, each of the given size with one collision in 10,000 lines."""
import json, random, sys

HITS = [
    "Error: listen EADDRINUSE: address already in use :::3000",
    "nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)",
    "listen tcp :8080: bind: address already in use",
    "Port 5173 is in use, trying another one...",
    "OSError: [Errno 98] Address already in use",
    "docker: Bind for 0.0.0.0:8080 failed: port is already allocated.",
    "Something is already running on port 3000.",
    "nw_listener_socket_inbox_create_socket bind(12, ::.5000) tcp, server failed [48: Address already in use]",
]
WORDS = """the of request user session cache worker queue build module bundle asset chunk compile watch file change reload client server proxy route handler
middleware database query transaction index table migration schema token auth cookie header payload response status latency timeout retry batch stream event
observer context thread pool memory heap buffer page render component state props hook effect store action reducer selector service controller model view
template engine plugin loader config option default value string number object array function class method property type interface generic async await promise resolve
reject warning info debug trace metric counter gauge histogram span report import export support transport network packet frame window system process
container image volume mount device driver kernel power sleep wake display screen layer surface texture shader audio codec format sample rate channel track media""".split()
PATHS = ["/", "/api/users", "/api/items/{}", "/static/app.{}.js", "/health", "/favicon.ico", "/api/search?q={}", "/login", "/assets/logo-{}.svg", "/ws"]
AGENTS = ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36", "curl/8.5.0", "Go-http-client/1.1", "kube-probe/1.29"]


def sentence(r, low=4, high=14):
    return " ".join(r.choice(WORDS) for _ in range(r.randint(low, high)))


def text_line(r, n):
    k = r.random()
    stamp = f"2026-11-22T{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}.{r.randint(0, 999):03}Z"
    if k < 0.30:
        return (f'10.0.{r.randint(0, 255)}.{r.randint(0, 255)} - - [22/Nov/2026:{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02} +0000] "GET '
                f'{r.choice(PATHS).format(r.randint(1, 99999))} HTTP/1.1" {r.choice([200, 200, 200, 304, 404])} {r.randint(100, 99999)} "-" "{r.choice(AGENTS)}"')
    if k < 0.50:
        return f"{stamp} {r.choice(['INFO', 'INFO', 'DEBUG', 'WARN'])} [{r.choice(WORDS)}-{r.randint(1, 32)}] {sentence(r)}"
    if k < 0.62:
        return f"[vite] hmr update /src/{r.choice(WORDS)}/{r.choice(WORDS)}.tsx"
    if k < 0.72:
        return f"GET {r.choice(PATHS).format(r.randint(1, 9999))} {r.choice([200, 304, 404])} in {r.randint(1, 900)}ms"
    if k < 0.80:
        return f"webpack compiled {r.randint(10, 2000)} modules in {r.randint(100, 9000)} ms: {sentence(r, 2, 6)}"
    if k < 0.88:
        return f"    at {r.choice(WORDS)}.{r.choice(WORDS)} (/srv/app/node_modules/{r.choice(WORDS)}/lib/{r.choice(WORDS)}.js:{r.randint(1, 999)}:{r.randint(1, 80)})"
    if k < 0.92:
        return f'{{"level":30,"time":{1795310000000 + n},"pid":{r.randint(100, 9999)},"hostname":"web-1","reqId":"req-{n}","msg":"{sentence(r, 2, 8)}"}}'
    if k < 0.96:
        return f"time={stamp} level=info msg=\"{sentence(r, 3, 9)}\" duration={r.randint(1, 999)}ms remote=10.0.0.{r.randint(1, 254)}:{r.randint(1024, 65535)}"
    if k < 0.985:
        return f"[{r.choice(WORDS)}] {sentence(r)}"
    return r.choice(["Server listening on http://localhost:%d" % r.randint(3000, 9000), "error: request failed with status 502", "warning: %s is deprecated" % r.choice(WORDS),
                     "WebSocket connected from 10.0.0.%d" % r.randint(1, 254), "listener registered for %s" % r.choice(WORDS), "Error: %s of %s failed" % (r.choice(WORDS), r.choice(WORDS)),
                     "debug: port %d mapped to %s" % (r.randint(1024, 65535), r.choice(WORDS)), "cannot read property '%s' of undefined" % r.choice(WORDS), "socket closed after %d ms" % r.randint(1, 9999),
                     "Connected to postgres on port 5432", "file already up to date", "connection closed by peer", "user is already logged in"])


def stream_line(r, n, message):
    return json.dumps({
        "timezoneName": "", "messageType": r.choice(["Default", "Info", "Error", "Debug"]), "eventType": "logEvent", "source": None, "formatString": "%{public}s %{public}@ " + sentence(r, 2, 8),
        "userID": 501, "activityIdentifier": r.randint(0, 99999), "subsystem": "com.apple." + r.choice(WORDS), "category": r.choice(WORDS), "threadID": r.randint(1, 9999999),
        "senderImageUUID": "2CB8C5CD-213F-3259-9533-78B2684F%04X" % r.randint(0, 65535),
        "backtrace": {"frames": [{"imageOffset": r.randint(1, 9999999), "imageUUID": "2CB8C5CD-213F-3259-9533-78B2684F%04X" % r.randint(0, 65535)}]}, "bootUUID": "",
        "processImagePath": "/Applications/Example.app/Contents/MacOS/Example", "senderImagePath": "/System/Library/Frameworks/Network.framework/Versions/A/Network",
        "timestamp": "2026-06-24 14:44:%02d.%06d+0300" % (n % 60, r.randint(0, 999999)), "machTimestamp": 79768667411910 + n, "eventMessage": message,
        "processImageUUID": "CB3E2FA6-7D71-315B-AF0B-6AC3D30F07FE", "traceID": r.randint(0, 2**63), "processID": r.randint(1, 99999), "senderProgramCounter": r.randint(1, 9999999),
        "parentActivityIdentifier": 0}, separators=(",", ":")).replace("/", "\\/")


def journal_line(r, n, message):
    return json.dumps({
        "__CURSOR": "s=20b93ca07a204878b30e69129e53496e;i=%x;b=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb;m=%x;t=%x;x=%016x" % (n, n * 977, n * 977, r.getrandbits(64)),
        "__REALTIME_TIMESTAMP": str(1795308993107927 + n * 977), "__MONOTONIC_TIMESTAMP": str(1334485066 + n * 977), "_BOOT_ID": "b" * 32, "_MACHINE_ID": "0" * 32, "_HOSTNAME": "host",
        "PRIORITY": str(r.randint(3, 7)), "_UID": "1000", "_GID": "1000", "_CAP_EFFECTIVE": "0", "_RUNTIME_SCOPE": "system", "_TRANSPORT": r.choice(["stdout", "journal", "syslog"]),
        "_PID": str(r.randint(100, 99999)), "_COMM": r.choice(WORDS), "_EXE": "/usr/bin/" + r.choice(WORDS), "_CMDLINE": "/usr/bin/" + r.choice(WORDS) + " --foreground",
        "_SYSTEMD_CGROUP": "/system.slice/%s.service" % r.choice(WORDS), "_SYSTEMD_UNIT": r.choice(WORDS) + ".service", "_SYSTEMD_SLICE": "system.slice", "SYSLOG_IDENTIFIER": r.choice(WORDS),
        "_STREAM_ID": "%032x" % r.getrandbits(128), "MESSAGE": message}, separators=(",", ":"))


def main():
    kind, size, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    r = random.Random(20261122)
    written, n = 0, 0
    with open(path, "w", encoding="utf-8") as out:
        while written < size:
            n += 1
            message = r.choice(HITS) if n % 10000 == 0 else text_line(r, n)
            line = {"text": lambda: message, "logstream": lambda: stream_line(r, n, message), "journal": lambda: journal_line(r, n, message)}[kind]() + "\n"
            out.write(line)
            written += len(line)


main()
