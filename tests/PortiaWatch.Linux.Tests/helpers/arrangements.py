"""Builds random arrangements of sockets and says what is true of them.

For each arrangement one line of JSON is printed; the reader answers with one line when it has looked, then everything is torn down. When it
answers "again", the same arrangement is looked at and told once more: TIME_WAIT can end early, because on a slow machine a late duplicate is
answered with a reset (RFC 1337).
Whether the endpoint is blocked is found out by a real second bind. By whom is found out by experiment too: each of its sockets is made alone
on another port and a bind is tried against it. What nobody holds and is blocked all the same is TIME_WAIT.

    arrangements.py SEED COUNT
"""
import ctypes
import errno
import json
import os
import random
import signal
import socket
import sys
import tempfile

SO_REUSEPORT = 15
CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)
IS_ROOT = os.geteuid() == 0

# name -> family, address, v6only
PLACES = {
    "127.0.0.1": (socket.AF_INET, "127.0.0.1", None),
    "127.0.0.2": (socket.AF_INET, "127.0.0.2", None),
    "0.0.0.0": (socket.AF_INET, "0.0.0.0", None),
    "::1": (socket.AF_INET6, "::1", None),
    ":: dual": (socket.AF_INET6, "::", 0),
    ":: v6only": (socket.AF_INET6, "::", 1),
    "mapped": (socket.AF_INET6, "::ffff:127.0.0.1", 0),
}
# A new network namespace has no address but these.
WITHOUT_LOOPBACK = [None, "*", "0.0.0.0", "::"]
QUESTIONS = [None, "*", "127.0.0.1", "127.0.0.2", "0.0.0.0", "::1", "::"]


def fork():
    """A child that does not outlive its parent, however that ends."""
    pid = os.fork()
    if pid == 0:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    return pid


def make(spec, port):
    """A socket as the spec says; raises OSError when the kernel refuses."""
    family, address, v6only = PLACES[spec["place"]]
    s = socket.socket(family, spec["type"])
    try:
        if v6only is not None:
            s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, v6only)
        if spec["reuseaddr"]:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if spec["reuseport"]:
            s.setsockopt(socket.SOL_SOCKET, SO_REUSEPORT, 1)
        s.bind((address, port))
        if spec["use"] in ("listen", "accepted", "timewait"):
            s.listen(8)
        return s
    except OSError:
        s.close()
        raise


def is_blocked(question, kind, port):
    """A plain bind, the way a program without any option does it."""
    if question in (None, "*", "::"):
        family, address = socket.AF_INET6, "::"
    else:
        family, address = (socket.AF_INET6 if ":" in question else socket.AF_INET), question
    s = socket.socket(family, kind)
    try:
        s.bind((address, port))
        return False
    except OSError as e:
        if e.errno == errno.EADDRINUSE:
            return True
        raise
    finally:
        s.close()


def fork_sibling(say):
    """A second process with the same descriptors, except the one it would report through."""
    pid = fork()
    if pid == 0:
        os.close(say.pipe)
        while True:
            signal.pause()
    say(f"pid {pid}")


class Report:
    """What a child tells the driver; closed when the child has said everything."""

    def __init__(self, pipe):
        self.pipe = pipe

    def __call__(self, text):
        os.write(self.pipe, (text + "\n").encode())


class Arrangement:
    def __init__(self, rng):
        self.rng = rng
        self.pids = []
        self.words = []

    def child(self, body):
        """Forks; the child runs body(say), where say(line) reports, and then sleeps until it is killed."""
        read, write = os.pipe()
        pid = fork()
        if pid == 0:
            try:
                os.close(read)
                body(Report(write))
            except BaseException as e:  # noqa: B902
                os.write(write, f"error {e!r}\n".encode())
                os._exit(1)
            os.close(write)
            while True:
                signal.pause()
        os.close(write)
        self.pids.append(pid)
        with os.fdopen(read) as f:
            lines = f.read().split("\n")[:-1]
        for line in lines:
            if line.startswith("pid "):
                self.pids.append(int(line[4:]))
        for line in lines:
            if line.startswith("error "):
                raise OSError(line)
        return pid, lines

    def tear_down(self):
        for pid in reversed(self.pids):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        for pid in self.pids:
            try:
                os.waitpid(pid, 0)
            except ChildProcessError:
                pass

    def hold(self, spec, port):
        """Builds one holder; returns the pids that have the socket."""
        how = spec["shared"]
        if how == "passed":
            return self.hold_passed(spec, port)

        def body(say):
            s = make(spec, port)
            if how == "forked":
                fork_sibling(say)
            body.keep = s
            if spec["use"] in ("accepted", "timewait"):
                body.conn = self.connection(s, port, say, spec["use"])
                s.close()

        pid, lines = self.child(body)
        more = [int(x[4:]) for x in lines if x.startswith("pid ")]
        if spec["use"] == "timewait":
            return []
        if spec["use"] == "accepted":
            return [pid]
        return [pid] + (more if how == "forked" else [])

    @staticmethod
    def connection(listener, port, say, use):
        """An accepted connection; its client lives in another process and must never be named."""
        read, write = os.pipe()
        pid = fork()
        address = listener.getsockname()[0]
        if pid == 0:
            os.close(say.pipe)
            os.close(read)
            family = listener.family
            target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)
            c = socket.socket(family, socket.SOCK_STREAM)
            c.settimeout(1)
            c.connect((target, port))
            listener.close()
            os.close(write)
            if use == "timewait":
                c.recv(1)
                c.close()
            while True:
                signal.pause()
        os.close(write)
        say(f"pid {pid}")

        # Another member of a reuseport group may have got the connection.
        listener.settimeout(1)
        conn, _ = listener.accept()
        conn.settimeout(1)
        os.read(read, 1)
        os.close(read)
        if use == "timewait":
            # The side that closes first keeps the port.
            conn.shutdown(socket.SHUT_WR)
            conn.recv(1)
            conn.close()
            return None
        return conn

    def hold_passed(self, spec, port):
        left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        keeps = spec["sender_keeps"]

        def sender(say):
            s = make(spec, port)
            socket.send_fds(left, [b"x"], [s.fileno()])
            if keeps:
                sender.keep = s
            else:
                s.close()

        def receiver(say):
            receiver.keep = socket.recv_fds(right, 1, 1)[1]

        one, _ = self.child(sender)
        two, _ = self.child(receiver)
        left.close()
        right.close()
        return [one, two] if keeps else [two]

    def client_of(self, port):
        """A client that is connected to the port, if somebody listens on IPv4 loopback."""
        def body(say):
            s = socket.create_connection(("127.0.0.1", port), 2)
            body.keep = s
        try:
            self.child(body)
            self.words.append("client")
        except OSError:
            pass

    def elsewhere(self, question, kind, port):
        """A holder of the same port in another network namespace, and whether the question is blocked there."""
        def body(say):
            if LIBC.unshare(CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "unshare")
            s = socket.socket(socket.AF_INET, kind)
            s.bind(("0.0.0.0", port))
            if kind == socket.SOCK_STREAM:
                s.listen()
            body.keep = s
            if question in WITHOUT_LOOPBACK:
                say(f"blocked {is_blocked(question, kind, port)}")
        pid, lines = self.child(body)
        self.words.append("another namespace")
        return pid, "blocked True" in lines


def random_spec(rng, kind):
    tcp = kind == socket.SOCK_STREAM
    return {
        "type": kind,
        "place": rng.choice(list(PLACES)),
        "use": rng.choice(["listen"] * 5 + ["bound"] * 2 + ["accepted", "timewait"]) if tcp else "bound",
        "reuseaddr": rng.random() < 0.4,
        "reuseport": rng.random() < 0.4,
        "shared": rng.choice(["alone"] * 3 + ["forked", "passed"]),
        "sender_keeps": rng.random() < 0.5,
    }


def conflicts_alone(spec, question, port):
    """Makes only this socket and tries the bind."""
    with make({**spec, "use": "bound"}, port):
        return is_blocked(question, spec["type"], port)


def connection_conflicts_alone(spec, question, port):
    """The same for an accepted connection, which has an address and options of its own."""
    a = Arrangement(None)
    try:
        a.hold(spec, port)
        return is_blocked(question, spec["type"], port)
    finally:
        a.tear_down()


def inet(rng, index):
    kind = socket.SOCK_STREAM if rng.random() < 0.75 else socket.SOCK_DGRAM
    question = rng.choice(QUESTIONS)
    port = 12000 + (index * 37 + rng.randrange(37)) % 20000
    while is_blocked(None, kind, port):
        port = rng.randrange(12000, 32000)
    words = {socket.SOCK_STREAM: "tcp", socket.SOCK_DGRAM: "udp"}
    a = Arrangement(rng)
    try:
        strong, weak = set(), set()
        group = rng.random() < 0.25
        first = None
        for _ in range(rng.choice([0, 1, 1, 1, 2, 2, 3])):
            spec = random_spec(rng, kind)
            if group:
                # A reuseport group: the same place again and again.
                spec.update(reuseport=True, reuseaddr=False, place=first["place"] if first else spec["place"], use="listen" if kind == socket.SOCK_STREAM else "bound")
                first = first or spec
            if spec["use"] in ("accepted", "timewait"):
                spec["shared"] = "alone"
                if spec["place"] == "mapped":
                    continue
            try:
                pids = a.hold(spec, port)
            except OSError:
                continue
            spec_words = f"{spec['place']} {spec['use']} {spec['shared']}" + (" reuseaddr" if spec["reuseaddr"] else "") + (" reuseport" if spec["reuseport"] else "")
            a.words.append(spec_words)
            spare = 10000 + (index * 4 + len(a.words)) % 2000
            while is_blocked(None, kind, spare):
                spare = rng.randrange(10000, 12000)
            if spec["use"] == "accepted":
                if connection_conflicts_alone(spec, question, spare):
                    weak.update(pids)
            elif spec["use"] != "timewait" and conflicts_alone(spec, question, spare):
                strong.update(pids)
        if kind == socket.SOCK_STREAM and rng.random() < 0.4:
            a.client_of(port)
        holders = strong or weak
        if IS_ROOT and rng.random() < 0.1:
            pid, blocked = a.elsewhere(question, kind, port)
            if question in WITHOUT_LOOPBACK and rng.random() < 0.5:
                # Asked by somebody who lives there: our own sockets do not count then.
                a.words.append("asked from there")
                answer(a, index, words[kind], question, port, None, blocked, {pid} if blocked else set(), "held" if blocked else "free", pid)
                return
        wanted = "again"
        while wanted == "again":
            blocked = is_blocked(question, kind, port)
            state = "held" if holders else "timeWait" if blocked else "free"
            wanted = answer(a, index, words[kind], question, port, None, blocked, holders, state)
    finally:
        a.tear_down()


def unix(rng, index):
    folder = tempfile.mkdtemp(prefix="portia-")
    abstract = rng.random() < 0.25
    path = f"@portia-{os.getpid()}-{index}" if abstract else f"{folder}/s {index}.sock"
    name = "\0" + path[1:] if abstract else path
    use = rng.choice(["listen", "listen", "bound", "dgram", "none"] + ([] if abstract else ["stale", "file"]))
    shared = rng.random() < 0.3
    a = Arrangement(rng)
    a.words.append(f"unix {use}" + (" forked" if shared else ""))
    try:
        holders, state = set(), "free"
        if use in ("listen", "bound", "dgram", "stale"):
            def body(say):
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM if use == "dgram" else socket.SOCK_STREAM)
                s.bind(name)
                if use == "stale":
                    s.close()
                elif shared:
                    fork_sibling(say)
                body.keep = s
                if use == "listen":
                    s.listen()
                    client = socket.socket(socket.AF_UNIX)
                    client.connect(name)
                    body.connection = (client, s.accept()[0])

            pid, lines = a.child(body)
            more = [int(x[4:]) for x in lines if x.startswith("pid ")]
            if use == "stale":
                state = "reserved"
            else:
                holders, state = {pid, *more}, "held"
        elif use == "file":
            open(path, "w").close()
            state = "reserved"
        s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM if use == "dgram" else socket.SOCK_STREAM)
        try:
            s.bind(name)
            blocked = False
            if not abstract:
                os.unlink(path)
        except OSError as e:
            if e.errno != errno.EADDRINUSE:
                raise
            blocked = True
        s.close()
        answer(a, index, "unix", None, None, path, blocked, holders, state)
    finally:
        a.tear_down()
        for f in os.listdir(folder):
            os.unlink(os.path.join(folder, f))
        os.rmdir(folder)


def answer(a, index, transport, address, port, path, blocked, holders, state, contender=None):
    print(json.dumps({
        "index": index, "transport": transport, "address": address, "port": port, "path": path, "blocked": blocked,
        "holders": sorted(holders), "state": state, "contender": contender, "words": "; ".join(a.words),
    }), flush=True)
    line = sys.stdin.readline()
    if not line:
        a.tear_down()
        sys.exit(0)
    return line.strip()


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    for index in range(count):
        rng = random.Random(seed * 100003 + index)
        (unix if rng.random() < 0.15 else inet)(rng, index)


main()
