#!/usr/bin/env python3
"""Prints made-up incidents of a developer's weeks as portia.incident/1, always the same but for the dates: docs/seed.py [COUNT [DAYS]] | portia history import -"""
import datetime, json, random, sys

COUNT, DAYS = int(sys.argv[1]) if len(sys.argv) > 1 else 240, int(sys.argv[2]) if len(sys.argv) > 2 else 30
HOME = "/home/mira"

# port, who was refused, who holds it, folder, command of the holder, how often, the words of the failure
SCENES = [
    (3000, "node", "node", "shop", ["node", "server.js"], 26, "Error: listen EADDRINUSE: address already in use :::3000"),
    (5173, "node", "node", "shop/web", ["node", "node_modules/.bin/vite"], 17, "Error: Port 5173 is already in use"),
    (8000, "uvicorn", "python3", "ledger", ["python3", "-m", "uvicorn", "app:api"], 15, "[Errno 98] error while attempting to bind on address ('127.0.0.1', 8000): address already in use"),
    (8080, "java", "java", "billing", ["java", "-jar", "target/billing.jar"], 11, "Web server failed to start. Port 8080 was already in use."),
    (9229, "node", "node", "shop", ["node", "--inspect", "server.js"], 7, "Starting inspector on 127.0.0.1:9229 failed: address already in use"),
    (4000, "beam.smp", "beam.smp", "chat", ["mix", "phx.server"], 6, "Failed to start Ranch listener: eaddrinuse (address already in use), port 4000"),
    (1313, "hugo", "hugo", "notes", ["hugo", "server"], 4, "Error: listen tcp 127.0.0.1:1313: bind: address already in use"),
    (5432, "postgres", "postgres", "", ["/usr/lib/postgresql/16/bin/postgres"], 4, "could not bind IPv4 address \"127.0.0.1\": Address already in use"),
    (6379, "redis-server", "redis-server", "", ["/usr/bin/redis-server", "127.0.0.1:6379"], 3, "Warning: Could not create server TCP listening socket *:6379: bind: Address already in use"),
    (8888, "jupyter-lab", "python3", "papers", ["python3", "-m", "jupyterlab"], 3, "The port 8888 is already in use, trying another port."),
]
WEEKDAYS = [10, 8, 9, 8, 6, 1, 1]
HOURS = [0, 0, 0, 0, 0, 0, 0, 1, 4, 11, 9, 7, 4, 8, 9, 7, 6, 5, 2, 1, 2, 2, 1, 0]
RULES = [("a stale server of the same project", "kill", 5), ("everything else a developer uses", "ask", 6), ("tell me about databases", "notify", 1), ("log everything else", "log", 1)]


def incident(dice, number, at):
    port, refused, name, folder, command, _, words = dice.choices(SCENES, [scene[5] for scene in SCENES])[0]
    is_service = not folder
    rule, action, _ = RULES[2] if is_service else dice.choices(RULES, [r[2] for r in RULES])[0]
    kinds = {"kill": (["freed", "stillHeld", "takenAgain"], [20, 1, 1]), "ask": (["freed", "left", "vanished"], [9, 4, 1]), "notify": (["notified"], [1]), "log": (["logged"], [1])}
    outcome = dice.choices(*kinds[action])[0]
    pid, late = dice.randrange(2100, 32000), dice.randrange(33000, 64000)
    took = round(dice.uniform(9, 240), 1) if outcome == "freed" else None
    sentence = {
        "freed": f"127.0.0.1:{port} is free, {took} ms after SIGTERM to {name} (pid {pid}).", "left": f"You left {name} (pid {pid}) alone.", "vanished": "It was free again by itself.",
        "stillHeld": f"{name} (pid {pid}) did not end within 5 s.", "takenAgain": f"{name} started again and took it.", "notified": "You were told.", "logged": "Written down.",
    }[outcome]
    endpoint = {"transport": "tcp", "address": "127.0.0.1", "port": port, "path": None}
    where = f"{HOME}/{folder}" if folder else "/"
    source, trust = ("journald", "system") if is_service else dice.choice([("kernel", "kernel"), ("run", "child"), ("journald", "system")])
    stamp = at.isoformat(timespec="milliseconds")
    started = (at - datetime.timedelta(minutes=dice.choice([2, 9, 45, 180, 1500, 4200]))).isoformat(timespec="milliseconds")
    count = dice.choices([1, 2, 3, 7], [12, 4, 2, 1])[0]
    shell = [{"pid": 1830, "name": "bash"}, {"pid": 1712, "name": "tmux: server"}, {"pid": 1, "name": "systemd"}]
    process = lambda which, number_, what, since: {
        "pid": number_, "name": which, "path": f"/usr/bin/{which}", "command": what, "cwd": where, "user": "postgres" if which == "postgres" else "mira", "startedAt": since,
        "parents": shell[2:] if is_service else shell, "supervisor": {"kind": "systemd", "name": f"{which}.service", "stop": ["systemctl", "stop", f"{which}.service"]} if is_service else None,
        "container": None, "unit": None}
    holder = process(name, pid, command, started) | {
        "endpoint": endpoint, "use": "listening", "project": where if folder else None, "orphan": False, "protected": is_service, "known": None,
        "advice": f"systemd ({name}.service) will start it again; stop it with: systemctl stop {name}.service" if is_service else None}
    return {
        "schema": "portia.incident/1", "id": f"{dice.getrandbits(128):032x}",
        "collision": {"endpoint": endpoint, "kind": "collision", "first": stamp, "last": (at + datetime.timedelta(seconds=count - 1)).isoformat(timespec="milliseconds"), "count": count, "sources": [source], "source": source,
                      "trust": trust, "written": stamp, "read": stamp, "pattern": "address-in-use", "causeStated": True, "text": words},
        "endpoint": endpoint, "inferredFrom": None, "contender": process(refused, late, command, stamp), "state": "held", "holders": [holder], "confirmed": True, "holderConfirmed": True,
        "doubts": [], "limit": None, "sameProject": bool(folder),
        "verdict": {"action": action, "rule": rule, "asked": action, "reason": f"\"{rule}\" is the first rule that matches.", "weighed": []},
        "outcome": {"kind": outcome, "sentence": sentence, "nextStep": None, "at": (at + datetime.timedelta(seconds=dice.choice([1, 2, 9, 41]))).isoformat(timespec="milliseconds"), "tookMilliseconds": took}}


def main():
    dice, now = random.Random(3000), datetime.datetime.now().astimezone().replace(microsecond=0)
    times = []
    while len(times) < COUNT:
        at = now - datetime.timedelta(seconds=dice.randrange(60, DAYS * 86400))
        if dice.random() * 110 < WEEKDAYS[at.weekday()] * HOURS[at.hour]:
            times.append(at)
    for number, at in enumerate(sorted(times)):
        print(json.dumps(incident(dice, number, at)))


main()
