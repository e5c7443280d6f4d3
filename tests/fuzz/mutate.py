"""Ways to spoil a STEP file, each by a seeded choice; the same seed gives the same bytes."""

from __future__ import annotations

import random
import re

NUMBER = re.compile(rb"-?\d+\.\d*(?:E[-+]?\d+)?")
REFERENCE = re.compile(rb"#(\d+)")
STRING = re.compile(rb"'(?:[^']|'')*'")
VALUE = re.compile(rb"(?<=[(,])(?:#\d+|[$*]|'(?:[^']|'')*'|\.[A-Z_]+\.|-?\d+\.?\d*(?:E[-+]?\d+)?)(?=[,)])")
"""Any argument that is no list and no typed value."""
ODD_VALUES = (
    b"'x'", b"$", b"*", b"1.5", b"7", b"()", b".T.", b".WRONG.", b"IFCLABEL('z')", b"IFCLENGTHMEASURE(-5.)", b"NAN",
    b"1.E308", b"99999999999", b"#999999999", b"($)", b"(1.,2.)", b"('x')", b"IFCBOOLEAN(.T.)", b"IFCREAL('x')",
)  # fmt: skip
ODD_NUMBERS = (
    b"1.E308",
    b"-1.E308",
    b"1.E-320",
    b"0.",
    b"-0.",
    b"NAN",
    b"1.#INF",
    b"99999999999999999999.",
    b"*",
    b"$",
)
ODD_STRINGS = (
    b"''",
    b"'\\X2\\D83D\\X0\\'",
    b"'\\X2\\4E'",
    b"'\\S\\'",
    b"'\\P'",
    b"'" + b"A" * 70_000 + b"'",
    b"'\xff\xfe'",
    b"'\n'",
    b"$",
)


def truncate(data: bytes, rng: random.Random) -> bytes:
    """Break off at any byte."""
    return data[: rng.randrange(len(data))]


def truncate_with_end(data: bytes, rng: random.Random) -> bytes:
    """Break off, but with the closing words a hurried exporter would still write."""
    return data[: rng.randrange(len(data))] + b"\nENDSEC;\nEND-ISO-10303-21;\n"


def flip_bytes(data: bytes, rng: random.Random) -> bytes:
    """Some random bytes become others."""
    found = bytearray(data)
    for _ in range(rng.choice((1, 3, 20, 200))):
        found[rng.randrange(len(found))] = rng.randrange(256)
    return bytes(found)


def drop_lines(data: bytes, rng: random.Random) -> bytes:
    """Entities go missing: references dangle."""
    share = rng.choice((0.002, 0.02, 0.2))
    return b"\n".join(line for line in data.split(b"\n") if not (line.startswith(b"#") and rng.random() < share))


def repeat_lines(data: bytes, rng: random.Random) -> bytes:
    """Entities stand twice under one number."""
    lines = data.split(b"\n")
    for _ in range(rng.randrange(1, 20)):
        lines.insert(rng.randrange(len(lines)), rng.choice(lines))
    return b"\n".join(lines)


def swap_references(data: bytes, rng: random.Random) -> bytes:
    """References point elsewhere: wrong types, circles, objects that hold themselves."""
    steps = REFERENCE.findall(data)
    share = rng.choice((0.0005, 0.005, 0.05))
    body = data.index(b"DATA;")
    return data[:body] + REFERENCE.sub(
        lambda match: b"#" + rng.choice(steps) if rng.random() < share else match.group(), data[body:]
    )


def odd_numbers(data: bytes, rng: random.Random) -> bytes:
    """Numbers become huge, tiny, no numbers, or nothing."""
    share = rng.choice((0.001, 0.01, 0.1))
    return NUMBER.sub(lambda match: rng.choice(ODD_NUMBERS) if rng.random() < share else match.group(), data)


def odd_strings(data: bytes, rng: random.Random) -> bytes:
    """Texts become broken escapes, very long, or bytes of no encoding."""
    share = rng.choice((0.01, 0.1))
    return STRING.sub(lambda match: rng.choice(ODD_STRINGS) if rng.random() < share else match.group(), data)


def swap_arguments(data: bytes, rng: random.Random) -> bytes:
    """Arguments of an entity change places, or go."""
    lines = data.split(b"\n")
    for _ in range(rng.choice((1, 10, 100))):
        at = rng.randrange(len(lines))
        if not lines[at].startswith(b"#"):
            continue
        parts = lines[at].split(b",")
        rng.shuffle(parts)
        lines[at] = b",".join(parts[: rng.randrange(1, len(parts) + 1)])
    return b"\n".join(lines)


def swap_classes(data: bytes, rng: random.Random) -> bytes:
    """Entities take another entity's class, with their own arguments."""
    names = re.findall(rb"=\s*(IFC\w+)", data)
    share = rng.choice((0.001, 0.01))
    return re.sub(
        rb"(=\s*)(IFC\w+)", lambda m: m.group(1) + (rng.choice(names) if rng.random() < share else m.group(2)), data
    )


def _odd(match: re.Match[bytes], steps: list[bytes], rng: random.Random) -> bytes:
    kind = rng.random()
    if kind < 0.4:
        return b"#" + rng.choice(steps)
    if kind < 0.5:
        return b"(#" + rng.choice(steps) + b",#" + rng.choice(steps) + b")"
    return rng.choice(ODD_VALUES)


def odd_values(data: bytes, rng: random.Random) -> bytes:
    """Any argument becomes anything: another reference, a list, nothing, a number, a text, a typed value, an enum of no class."""
    body = data.index(b"DATA;")
    steps = REFERENCE.findall(data[body:])
    share = rng.choice((0.0005, 0.003, 0.02, 0.1))
    return data[:body] + VALUE.sub(
        lambda match: _odd(match, steps, rng) if rng.random() < share else match.group(), data[body:]
    )


def odd_classes(data: bytes, rng: random.Random) -> bytes:
    """The same, of a few classes only: whole kinds of relation, placement, unit or property go wrong, and nothing else."""
    body = data.index(b"DATA;")
    steps = REFERENCE.findall(data[body:])
    names = sorted(set(re.findall(rb"=\s*(IFC\w+)", data[body:])))
    chosen = set(rng.sample(names, min(3, len(names))))
    lines = data[body:].split(b"\n")
    for at, line in enumerate(lines):
        head = re.match(rb"#\d+\s*=\s*(IFC\w+)", line)
        if head and head.group(1) in chosen and rng.random() < 0.5:
            rest = VALUE.sub(
                lambda match: _odd(match, steps, rng) if rng.random() < 0.3 else match.group(), line[head.end() :]
            )
            lines[at] = head.group() + rest
    return data[:body] + b"\n".join(lines)


MUTATORS = (
    truncate, truncate_with_end, flip_bytes, drop_lines, repeat_lines, swap_references, odd_numbers, odd_strings,
    swap_arguments, swap_classes, odd_values, odd_classes,
)  # fmt: skip


def mutant(data: bytes, seed: int) -> tuple[str, bytes]:
    """The name of the way and the spoiled file; every third is spoiled twice."""
    rng = random.Random(seed)
    first = MUTATORS[seed % len(MUTATORS)]
    spoiled = first(data, rng)
    if rng.random() < 1 / 3 and len(spoiled) > 200 and b"DATA;" in spoiled and REFERENCE.search(spoiled):
        second = rng.choice(MUTATORS)
        return f"{first.__name__}+{second.__name__}", second(spoiled, rng)
    return first.__name__, spoiled
