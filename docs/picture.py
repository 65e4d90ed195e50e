#!/usr/bin/env python3
"""Draws what a command prints on a terminal as an SVG picture: docs/picture.py OUTPUT.svg [--as PROMPT] COMMAND [ARG...]"""
import html, os, pty, re, select, subprocess, sys

COLOURS = {"30": "#6e7681", "31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "34": "#79c0ff", "90": "#8b949e"}
INDEXED = {"8": "#8b949e", "11": "#e3b341", "3": "#e3b341", "2": "#7ee787", "10": "#7ee787", "9": "#ff7b72", "1": "#ff7b72"}
WIDTH, LINE, CHARACTER, MARGIN = 100, 19, 8.43, 18


def run(command):
    controller, terminal = pty.openpty()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=terminal, stderr=terminal,
                               env=dict(os.environ, TERM="xterm-256color", COLUMNS=str(WIDTH)))
    os.close(terminal)
    output = b""
    while True:
        if select.select([controller], [], [], 60)[0]:
            try:
                piece = os.read(controller, 65536)
            except OSError:
                break
            if not piece:
                break
            output += piece
    process.wait()
    return re.sub(r"\x1b[=>]", "", output.decode().replace("\r", ""))


def spans(line):
    """(text, colour, bold, inverse) pieces of one line with colour codes."""
    colour, bold, inverse = "#e6edf3", False, False
    for piece in re.split(r"(\x1b\[[0-9;?]*[A-Za-z])", line):
        if not piece.startswith("\x1b["):
            if piece:
                yield piece, colour, bold, inverse
            continue
        if not piece.endswith("m"):
            continue
        codes = piece[2:-1].split(";")
        while codes:
            code = codes.pop(0)
            if code in ("", "0"):
                colour, bold, inverse = "#e6edf3", False, False
            elif code in ("1", "22"):
                bold = code == "1"
            elif code in ("7", "27"):
                inverse = code == "7"
            elif code == "39":
                colour = "#e6edf3"
            elif code == "38" and codes[:1] == ["5"]:
                colour = INDEXED.get(codes[1], colour)
                codes = codes[2:]
            elif code in COLOURS:
                colour = COLOURS[code]


def draw(prompt, output):
    lines = [f"\x1b[90m$ \x1b[0m{prompt}", *output.rstrip("\n").split("\n")]
    width = MARGIN * 2 + CHARACTER * max(len(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", line)) for line in lines)
    height = MARGIN * 2 + LINE * len(lines)
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" viewBox="0 0 {width:.0f} {height}" '
           'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14">')
    yield f'<rect width="100%" height="100%" rx="8" fill="#0d1117"/>'
    for number, line in enumerate(lines):
        text, column = "", 0
        for piece, colour, bold, inverse in spans(line):
            if inverse:
                yield f'<rect x="{MARGIN + column * CHARACTER:.1f}" y="{MARGIN + LINE * number}" width="{len(piece) * CHARACTER:.1f}" height="{LINE}" fill="{colour}"/>'
                colour = "#0d1117"
            weight = ' font-weight="bold"' if bold else ""
            text += f'<tspan x="{MARGIN + column * CHARACTER:.1f}" fill="{colour}"{weight}>{html.escape(piece)}</tspan>'
            column += len(piece)
        yield f'<text xml:space="preserve" y="{MARGIN + LINE * number + 14}">{text}</text>'
    yield "</svg>"


if __name__ == "__main__":
    output, command = sys.argv[1], sys.argv[2:]
    name = " ".join([os.path.basename(command[0]), *command[1:]])
    if command[0] == "--as":
        name, command = command[1], command[2:]
    with open(output, "w") as picture:
        picture.write("\n".join(draw(name, run(command))) + "\n")
