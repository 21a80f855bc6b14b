#!/usr/bin/env python3
"""Breaks long lists of words in sets/*.toml into lines that a diff can show; what they hold and its order stay as they are.

Nothing is written unless every file reads the same before and after.
"""
import pathlib
import re
import sys
import tomllib

WIDTH = 110  # columns
WORDS = 12  # terms of a line
TERM = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*')"""
TERMS = rf"{TERM}(?:\s*,\s*{TERM})*\s*,?"
KEY = r"\s*[\w-]+\s*=\s*"
# A list in one line; its first line; a line inside; its last line.
WHOLE = re.compile(rf"^({KEY})\[\s*({TERMS})\s*\](\s*(?:#.*)?)$")
FIRST = re.compile(rf"^({KEY})\[\s*({TERMS})$")
INNER = re.compile(rf"^(\s+)({TERMS})$")
LAST = re.compile(rf"^(\s+)({TERMS})\s*\](\s*(?:#.*)?)$")


def filled(terms, indent="  "):
    lines = []
    for term in re.findall(TERM, terms):
        line = lines[-1] if lines else None
        if line is None or len(line) == WORDS or len(indent + ", ".join(line + [term])) + 1 > WIDTH:
            lines.append([term])
        else:
            line.append(term)
    return [f"{indent}{', '.join(line)}," for line in lines]


def broken(line):
    if len(line) <= WIDTH:
        return [line]
    if of := WHOLE.match(line):
        return [of[1] + "["] + filled(of[2]) + ["]" + of[3]]
    if of := FIRST.match(line):
        return [of[1] + "["] + filled(of[2])
    if of := INNER.match(line):
        return filled(of[2], of[1])
    if of := LAST.match(line):
        return filled(of[2], of[1]) + ["]" + of[3]]
    return [line]


if sys.argv[1:]:
    print(__doc__.strip())
    sys.exit(sys.argv[1] not in ("-h", "--help"))
written = {}
for path in sorted((pathlib.Path(__file__).resolve().parent.parent / "sets").glob("*.toml")):
    before = path.read_text(encoding="utf-8")
    after = "\n".join(new for line in before.split("\n") for new in broken(line))
    if tomllib.loads(before) != tomllib.loads(after):
        sys.exit(f"{path}: would not hold the same; nothing was written")
    if before != after:
        written[path] = after
for path, text in written.items():
    path.write_text(text, encoding="utf-8")
print(f"{len(written)} files")
