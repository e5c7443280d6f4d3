"""The STEP file that is written while the XML is read, one instance a line, and its second pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bim.source.ifcxml.literals import string
from bim.source.ifcxml.schema_map import EntitySpec

_REFERENCE = re.compile(r"'(?:[^']|'')*'|#(\d+)")
_LINE = re.compile(r"#(\d+)=(\w+)\((.*)\);\n")


@dataclass
class Header:
    """What the XML says of itself; the fields of FILE_NAME and FILE_DESCRIPTION."""

    texts: dict[str, list[str]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """A field as a STEP string."""
        return string(" ".join(self.texts.get(name, ())))

    def many(self, name: str) -> str:
        """A field as a STEP list of strings."""
        return f"({','.join(map(string, self.texts.get(name) or ['']))})"

    def step(self, schema: str) -> str:
        """The header section."""
        description = "documentation" if "documentation" in self.texts else "description"
        return (
            f"ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION({self.many(description)},'2;1');\n"
            f"FILE_NAME({self.one('name')},{self.one('time_stamp')},{self.many('author')},{self.many('organization')},"
            f"{self.one('preprocessor_version')},{self.one('originating_system')},{self.one('authorization')});\n"
            f"FILE_SCHEMA(('{schema}'));\nENDSEC;\nDATA;\n"
        )


END = "ENDSEC;\nEND-ISO-10303-21;\n"


class Record:
    """One instance while it is read. values: STEP texts by place, None where nothing was said."""

    __slots__ = ("number", "spec", "values")

    def __init__(self, number: int, spec: EntitySpec) -> None:
        self.number, self.spec = number, spec
        self.values: list[str | None] = [None] * len(spec.derived)

    @property
    def token(self) -> str:
        """How others refer to it."""
        return f"#{self.number}"

    def point_back(self, index: int, token: str, *, many: bool) -> None:
        """Set the attribute that an inverse stands for, or add to its list."""
        self.values[index] = with_reference(self.values[index], token, many=many)

    def line(self) -> str:
        """The instance in STEP."""
        texts = [
            "*" if derived else "$" if value is None else value
            for value, derived in zip(self.values, self.spec.derived, strict=True)
        ]
        return f"#{self.number}={self.spec.name.upper()}({','.join(texts)});\n"


def with_reference(value: str | None, token: str, *, many: bool) -> str:
    """An attribute's STEP text with one more reference; as it is where the reference stands in it already."""
    if not many:
        return token
    if value is None or not value.startswith("("):
        return f"({token})"
    inside = value[1:-1]
    if token in inside.split(","):
        return value
    return f"({inside},{token})" if inside else f"({token})"


def patch(source: Path, target: Path, missing: set[int], added: dict[int, list[tuple[int, str, bool]]]) -> None:
    """Copy a STEP file of one instance a line; references to `missing` go, references in `added` come.

    added: instance → (place, token, whether the attribute is a list).
    """

    def mend(match: re.Match[str]) -> str:
        return "$" if match.group(1) and int(match.group(1)) in missing else match.group()

    with source.open(encoding="ascii") as lines, target.open("w", encoding="ascii") as out:
        for line in lines:
            out.write(_patched(line, mend, added, missing=bool(missing)))


def _patched(
    line: str,
    mend: Callable[[re.Match[str]], str],
    added: dict[int, list[tuple[int, str, bool]]],
    *,
    missing: bool,
) -> str:
    parts = _LINE.fullmatch(line)
    if parts is None:
        return line
    number, name, inside = parts.groups()
    if missing:
        values = [_without_empty(_REFERENCE.sub(mend, value)) for value in split(inside)]
    elif int(number) in added:
        values = list(split(inside))
    else:
        return line
    for index, token, many in added.get(int(number), ()):
        value = values[index]
        values[index] = with_reference(None if value in "$*" else value, token, many=many)
    return f"#{number}={name}({','.join(values)});\n"


def _without_empty(value: str) -> str:
    """A list without the places where references were."""
    if not value.startswith("(") or "$" not in value:
        return value
    return f"({','.join(part for part in map(_without_empty, split(value[1:-1])) if part != '$')})"


def split(inside: str) -> Iterator[str]:
    """The values between the outermost commas of a STEP parameter list."""
    depth, start, quoted = 0, 0, False
    for match in re.finditer(r"['(),]", inside):
        char = match.group()
        if char == "'":
            quoted = not quoted
        elif quoted:
            continue
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
        elif depth == 0:
            yield inside[start : match.start()]
            start = match.end()
    if inside:
        yield inside[start:]
