"""Seeded edits of IFC text, as an authoring tool or a person makes them: each changes little, and says of what kind it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from bim.export.arguments import split

INSTANCE = re.compile(rb"(#(\d+)\s*=\s*)([A-Z0-9_]+)(\s*\()(.*)(\)\s*;\s*)$", re.DOTALL)
REAL = rb"-?\d+\.\d*(?:E[-+]?\d+)?"
TEXT = rb"'(?:[^']|'')*'"
ELEMENT = (
    rb"IFC(WALL|WALLSTANDARDCASE|SLAB|DOOR|WINDOW|COLUMN|BEAM|FURNISHINGELEMENT|FLOWTERMINAL|FLOWSEGMENT|MEMBER|PLATE"
    rb"|SANITARYTERMINAL|PIPESEGMENT|DUCTSEGMENT|BUILDINGELEMENTPROXY|RAILING|COVERING)"
)
Edit = Callable[[list[bytes], Random], bool]
"""Changes lines in place; False where the file has nothing of the kind."""


def _pick(lines: list[bytes], random: Random, ifc_class: bytes, holds: bytes = rb"") -> int | None:
    """A line with an instance of a class (a pattern) whose arguments hold something."""
    wanted = re.compile(rb"#\d+\s*=\s*" + ifc_class + rb"\s*\(.*" + holds, re.DOTALL)
    places = [place for place, line in enumerate(lines) if wanted.match(line) and INSTANCE.match(line)]
    return random.choice(places) if places else None


def _changed(lines: list[bytes], place: int | None, change: Callable[[bytes], bytes]) -> bool:
    if place is None:
        return False
    head, _, name, opening, body, end = INSTANCE.match(lines[place]).groups()
    lines[place] = head + name + opening + change(body) + end
    return True


def number(lines: list[bytes], random: Random) -> bool:
    """Another number in a property."""
    place = _pick(lines, random, rb"IFCPROPERTYSINGLEVALUE", rb"MEASURE\(\s*-?\d")
    value = b"MEASURE(%.3f)" % random.uniform(0.1, 90)
    return _changed(lines, place, lambda body: re.sub(rb"MEASURE\([^()]*\)", value, body, count=1))


def word(lines: list[bytes], random: Random) -> bool:
    """Another text in a property."""
    place = _pick(lines, random, rb"IFCPROPERTYSINGLEVALUE", rb"IFC(LABEL|TEXT|IDENTIFIER)\(")
    value = rb"\1('Edit %d \\X2\\6539\\X0\\')" % random.randrange(1000)
    return _changed(
        lines, place, lambda body: re.sub(rb"(IFC(?:LABEL|TEXT|IDENTIFIER))\(" + TEXT + rb"\)", value, body)
    )


def amount(lines: list[bytes], random: Random) -> bool:
    """Another declared quantity."""
    place = _pick(lines, random, rb"IFCQUANTITY(LENGTH|AREA|VOLUME|COUNT)")
    value = rb"\g<1>%.3f" % random.uniform(0.1, 90)
    return _changed(
        lines, place, lambda body: re.sub(rb"(,)-?\d+\.?\d*(?:E[-+]?\d+)?(?=\s*(?:,|$))", value, body, count=1)
    )


def added_property(lines: list[bytes], random: Random) -> bool:
    """One more property in a set."""
    place = _pick(lines, random, rb"IFCPROPERTYSET", rb"\(#\d+")
    if place is None:
        return False
    fresh = 1 + max(int(found.group(2)) for line in lines if (found := INSTANCE.match(line)))
    ending = b"\r" if lines[place].endswith(b"\r") else b""
    _changed(lines, place, lambda body: body.rstrip()[:-1] + b",#%d)" % fresh)
    lines.insert(place, b"#%d=IFCPROPERTYSINGLEVALUE('Added',$,IFCLABEL('by an edit'),$);" % fresh + ending)
    return True


def removed_property(lines: list[bytes], random: Random) -> bool:
    """One property fewer in a set."""
    place = _pick(lines, random, rb"IFCPROPERTYSET", rb"\(#\d+\s*,\s*#\d+")
    return _changed(lines, place, lambda body: re.sub(rb"\(#\d+\s*,\s*", b"(", body, count=1))


def set_name(lines: list[bytes], random: Random) -> bool:
    """Another name of a property set."""
    place = _pick(lines, random, rb"IFCPROPERTYSET")
    return _changed(
        lines, place, lambda body: re.sub(rb"(" + TEXT + rb"\s*,[^,]*,\s*)" + TEXT, rb"\1'Set_Edited'", body, count=1)
    )


def _attribute(lines: list[bytes], random: Random, index: int, value: bytes) -> bool:
    place = _pick(lines, random, ELEMENT)
    part = rb"(?:" + TEXT + rb"|[^,'])*"
    return _changed(
        lines,
        place,
        lambda body: re.sub(rb"^((?:" + part + rb",){%d})" % index + part, rb"\g<1>" + value, body, count=1),
    )


def name(lines: list[bytes], random: Random) -> bool:
    """Another name of an element."""
    return _attribute(lines, random, 2, b"'Renamed %d'" % random.randrange(1000))


def description(lines: list[bytes], random: Random) -> bool:
    """Another description of an element."""
    return _attribute(lines, random, 3, b"'As edited'")


def object_type(lines: list[bytes], random: Random) -> bool:
    """Another ObjectType of an element."""
    return _attribute(lines, random, 4, b"'Special'")


def history(lines: list[bytes], random: Random) -> bool:
    """A later date of an IfcOwnerHistory."""
    place = _pick(lines, random, rb"IFCOWNERHISTORY")
    return _changed(lines, place, lambda body: re.sub(rb"\d+\s*$", b"1700000000", body))


def header(lines: list[bytes], _random: Random) -> bool:
    """A later time stamp in the header."""
    for place, line in enumerate(lines[:40]):
        if b"FILE_NAME" in line:
            lines[place] = re.sub(rb"\d{4}-\d\d-\d\dT", b"2031-05-06T", line)
            return True
    return False


def many(lines: list[bytes], random: Random) -> bool:
    """A dozen numbers and names at once."""
    done = [edit(lines, random) for edit in (number, name) for _ in range(6)]
    return any(done)


LOCAL: dict[str, Edit] = {
    one.__name__: one
    for one in (
        number, word, amount, added_property, removed_property, set_name, name, description, object_type, history, header,
        many,
    )
}  # fmt: skip
"""Edits that concern some objects and nothing else, unless the file makes more of them."""


def point(lines: list[bytes], random: Random) -> bool:
    """A point moved: a placement, a profile, a vertex."""
    place = _pick(lines, random, rb"IFCCARTESIANPOINT")
    return _changed(lines, place, lambda body: re.sub(REAL, b"1.25", body, count=1))


def _scaled(lines: list[bytes], random: Random, ifc_class: bytes, factors: tuple[float, ...]) -> bool:
    """The last number of an instance times one of these factors."""
    place, factor = _pick(lines, random, ifc_class), random.choice(factors)
    return _changed(
        lines,
        place,
        lambda body: re.sub(REAL + rb"\s*$", lambda found: b"%.4f" % (float(found.group()) * factor), body),
    )


def depth(lines: list[bytes], random: Random) -> bool:
    """A prism of another height."""
    return _scaled(lines, random, rb"IFCEXTRUDEDAREASOLID", (0.9, 1.1))


def size(lines: list[bytes], random: Random) -> bool:
    """A profile a little wider or narrower."""
    return _scaled(lines, random, rb"IFC(RECTANGLE|CIRCLE)PROFILEDEF", (0.95, 1.05))


def moved(lines: list[bytes], random: Random) -> bool:
    """An element put a little aside, by a point and an axis placement of its own."""
    rows = {found.group(2): row for row, line in enumerate(lines) if (found := INSTANCE.match(line))}
    element = _pick(lines, random, ELEMENT)
    if element is None:
        return False
    parts = split(b"(" + INSTANCE.match(lines[element]).group(5) + b");")
    place = rows.get(parts[5].strip()[1:])
    if place is None or INSTANCE.match(lines[place]).group(3) != b"IFCLOCALPLACEMENT":
        return False
    above, axis = split(b"(" + INSTANCE.match(lines[place]).group(5) + b");")
    held = INSTANCE.match(lines[rows[axis.strip()[1:]]]).group(5)
    origin, rest = held.split(b",", 1)
    at = INSTANCE.match(lines[rows[origin.strip()[1:]]]).group(5)
    fresh = 1 + max(map(int, rows))
    ending = b"\r" if lines[place].endswith(b"\r") else b""
    step = random.choice((0.05, -0.05))
    there = re.sub(REAL, lambda found: b"%.6f" % (float(found.group()) * (1 + step) + step), at, count=1)
    _changed(lines, place, lambda _body: above + b",#%d" % (fresh + 1))
    lines[place:place] = [
        b"#%d=IFCCARTESIANPOINT(%s);" % (fresh, there) + ending,
        b"#%d=IFCAXIS2PLACEMENT3D(#%d,%s);" % (fresh + 1, fresh, rest) + ending,
    ]
    return True


def colour(lines: list[bytes], random: Random) -> bool:
    """Another colour."""
    place = _pick(lines, random, rb"IFCCOLOURRGB")
    value = b"$,%.3f,0.1,0.2" % random.uniform(0, 1)
    return _changed(lines, place, lambda _body: value)


def resized_with_quantity(lines: list[bytes], random: Random) -> bool:
    """A prism of another height, and another declared quantity, as one upload."""
    return depth(lines, random) and amount(lines, random)


SHAPED: dict[str, Edit] = {one.__name__: one for one in (depth, size, moved, colour, point, resized_with_quantity)}
"""Edits of shapes, places and looks: some objects are drawn anew, unless the file makes more of them."""


def storey(lines: list[bytes], random: Random) -> bool:
    """Another name of a storey."""
    place = _pick(lines, random, rb"IFCBUILDINGSTOREY")
    part = rb"(?:" + TEXT + rb"|[^,'])*"
    return _changed(lines, place, lambda body: re.sub(rb"^((?:" + part + rb",){2})" + part, rb"\1'Storey X'", body))


def unrelated(lines: list[bytes], random: Random) -> bool:
    """A property set that belongs to nothing any more."""
    place = _pick(lines, random, rb"IFCRELDEFINESBYPROPERTIES")
    if place is None:
        return False
    del lines[place]
    return True


def swapped(lines: list[bytes], random: Random) -> bool:
    """Two property sets in another order."""
    first, second = (_pick(lines, random, rb"IFCPROPERTYSET") for _ in range(2))
    if first is None or first == second:
        return False
    lines[first], lines[second] = lines[second], lines[first]
    return True


def renumbered(lines: list[bytes], _random: Random) -> bool:
    """Every instance under another number."""
    lines[:] = [re.sub(rb"#(\d+)", lambda found: b"#%d" % (int(found.group(1)) + 7), line) for line in lines]
    return True


def rehomed(lines: list[bytes], random: Random) -> bool:
    """An element in another storey."""
    relation = rb"IFCRELCONTAINEDINSPATIALSTRUCTURE"
    first, second = (_pick(lines, random, relation, rb"\(#\d+\s*,\s*#\d+") for _ in range(2))
    if first is None or second is None or first == second:
        return False
    taken = re.search(rb"\(#(\d+)\s*,", INSTANCE.match(lines[first]).group(5)).group(1)
    _changed(lines, first, lambda body: re.sub(rb"\(#\d+\s*,", b"(", body, count=1))
    return _changed(lines, second, lambda body: re.sub(rb"\(#", b"(#" + taken + b",#", body, count=1))


def material(lines: list[bytes], random: Random) -> bool:
    """Another name of a material."""
    place = _pick(lines, random, rb"IFCMATERIAL")
    return _changed(lines, place, lambda body: re.sub(TEXT, b"'Edited stuff'", body, count=1))


WIDE: dict[str, Edit] = {one.__name__: one for one in (storey, unrelated, swapped, renumbered, rehomed, material)}
"""Edits that are not known to stay local."""


def edited(text: bytes, edit: Edit, random: Random) -> bytes | None:
    """The text with an edit; None where it has nothing of the kind."""
    lines = text.split(b"\n")
    return b"\n".join(lines) if edit(lines, random) and b"\n".join(lines) != text else None
