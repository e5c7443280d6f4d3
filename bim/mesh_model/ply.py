"""PLY, text and binary of both byte orders: one object."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bim.mesh_model.limits import MAX_FACES, MAX_VERTICES, check_count
from bim.mesh_model.model import F64, GREY, Model, Node
from bim.mesh_model.polygons import triangulate
from twin.errors import Invalid

I64 = npt.NDArray[np.int64]
_KINDS = {
    "char": "i1", "int8": "i1", "uchar": "u1", "uint8": "u1", "short": "i2", "int16": "i2", "ushort": "u2", "uint16": "u2",
    "int": "i4", "int32": "i4", "uint": "u4", "uint32": "u4", "float": "f4", "float32": "f4", "double": "f8", "float64": "f8",
}  # fmt: skip
_ORDER = {"binary_little_endian": "<", "binary_big_endian": ">", "ascii": ""}
_HEADER = re.compile(rb"end_header[ \t]*\r?\n")
_MAX_HEADER = 1 << 16
_LISTS = ("vertex_indices", "vertex_index")


@dataclass
class _Element:
    """A table of the file. fields: name → NumPy type; lists: name → (type of the length, type of the items)."""

    name: str
    count: int
    order: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def least(self) -> int:
        """The fewest bytes that a row can have."""
        return sum(np.dtype(kind).itemsize for kind in self.fields.values()) + sum(
            np.dtype(length).itemsize for length, _ in self.lists.values()
        )


def read(path: Path, name: str) -> Model:
    """Read a file. Raises Invalid with one sentence where it is broken, or holds points without faces."""
    data = path.read_bytes()
    end = _HEADER.search(data, 0, _MAX_HEADER)
    if end is None:
        raise Invalid(f"{name} has no end_header: expected a PLY model; copy it again", code="mesh-truncated")
    order, elements = _header(data[: end.start()], name)
    body = data[end.end() :]
    tables = _Text(body, name) if not order else _Binary(body, name, order)
    vertices: dict[str, F64] = {}
    whole = True  # colours in whole numbers 0..255
    corners, counts = np.empty(0, np.int64), np.empty(0, np.int64)
    model = Model()
    for element in elements:
        limit = MAX_VERTICES if element.name == "vertex" else MAX_FACES
        check_count(name, f"rows of {element.name[:40]!r}", element.count, limit)
        columns, lists = tables.take(element)
        if element.name == "vertex":
            vertices, whole = columns, element.fields.get("red", "u1")[0] in "iu"
        elif element.name == "face":
            corners, counts = next((lists[key] for key in _LISTS if key in lists), (corners, counts))
        elif element.count:
            model.leave_out(f"PLY {element.name[:40]}", element.count)
    missing = [axis for axis in "xyz" if axis not in vertices]
    if missing:
        raise Invalid(
            f"{name} has vertices without {missing[0]}: expected x, y and z; export it again", code="mesh-syntax"
        )
    if not len(counts):
        raise Invalid(
            f"{name} holds {len(vertices['x']):,} points and no face: expected a mesh; make a surface of the points first",
            code="mesh-empty",
        )
    _build(model, vertices, corners, counts, name, 255.0 if whole else 1.0)
    return model


def _header(head: bytes, name: str) -> tuple[str, list[_Element]]:
    order: str | None = None
    elements: list[_Element] = []
    for line in head.decode("latin-1").splitlines()[1:]:
        words = line.split()
        try:
            if words[:1] == ["format"]:
                order = _ORDER[words[1]]
            elif words[:1] == ["element"]:
                elements.append(_Element(words[1], int(words[2])))
            elif words[:2] == ["property", "list"]:
                elements[-1].lists[words[4]] = (_KINDS[words[2]], _KINDS[words[3]])
                elements[-1].order.append(words[4])
            elif words[:1] == ["property"]:
                elements[-1].fields[words[2]] = _KINDS[words[1]]
                elements[-1].order.append(words[2])
        except (IndexError, KeyError, ValueError) as error:
            raise Invalid(
                f"{name} has the header line {line[:80]!r}, which is no PLY: export it again", code="mesh-syntax"
            ) from error
    if order is None:
        raise Invalid(f"{name} names no format in its header: expected ascii or binary PLY", code="mesh-syntax")
    return order, elements


_Columns = dict[str, F64]
_Ragged = dict[str, tuple[I64, I64]]
"""Name of a list → its items (c,) one after the other, and how many each row has (n,)."""


class _Binary:
    """Rows of a binary file, one element after the other."""

    def __init__(self, body: bytes, name: str, order: str) -> None:
        self._body, self._name, self._order, self._at = body, name, order, 0

    def take(self, element: _Element) -> tuple[_Columns, _Ragged]:
        """The next element's columns and lists."""
        if element.count * max(element.least, 1) > len(self._body) - self._at:
            raise _short(self._name, element)
        if not element.lists:
            rows = self._rows(element, {})
            if rows is None:
                raise _short(self._name, element)
            return {key: rows[key].astype(np.float64) for key in element.fields}, {}
        sizes = self._first_sizes(element)
        if element.count and sizes is not None:
            rows = self._rows(element, sizes)
            if rows is not None and all((rows[f"{key}#"] == size).all() for key, size in sizes.items()):
                return (
                    {key: rows[key].astype(np.float64) for key in element.fields},
                    {
                        key: (rows[key].astype(np.int64).reshape(-1), np.full(element.count, size, np.int64))
                        for key, size in sizes.items()
                    },
                )
            self._at -= 0 if rows is None else rows.nbytes
        return {}, self._walk(element)

    def _rows(self, element: _Element, sizes: dict[str, int]) -> npt.NDArray[np.void] | None:
        """All rows at once, lists of the given sizes; None where the file is too short for that."""
        parts: list[tuple[str, str] | tuple[str, str, int]] = []
        for key in element.order:
            if key in element.fields:
                parts.append((key, self._order + element.fields[key]))
            else:
                length, item = element.lists[key]
                parts += [(f"{key}#", self._order + length), (key, self._order + item, sizes[key])]
        kind = np.dtype(parts)
        if element.count * kind.itemsize > len(self._body) - self._at:
            return None
        rows = np.frombuffer(self._body, kind, element.count, self._at)
        self._at += rows.nbytes
        return rows

    def _first_sizes(self, element: _Element) -> dict[str, int] | None:
        """The lengths of the first row's lists."""
        at, sizes = self._at, {}
        for key in element.order if element.count else ():
            if key in element.fields:
                at += np.dtype(element.fields[key]).itemsize
                continue
            length, item = element.lists[key]
            raw = self._body[at : at + np.dtype(length).itemsize]
            if len(raw) < np.dtype(length).itemsize:
                return None
            sizes[key] = int(np.frombuffer(raw, self._order + length)[0])
            if not 0 <= sizes[key] <= len(self._body):
                raise _short(self._name, element)
            at += len(raw) + sizes[key] * np.dtype(item).itemsize
        return sizes

    def _walk(self, element: _Element) -> _Ragged:
        """Rows of different lengths: each says where the next begins, so that they can only be walked one by one."""
        body, order = self._body, "little" if self._order == "<" else "big"
        plan = [
            (key, np.dtype(element.lists[key][0]).itemsize, np.dtype(element.lists[key][1]).itemsize)
            if key in element.lists
            else (None, 0, np.dtype(element.fields[key]).itemsize)
            for key in element.order
        ]
        at, end = self._at, len(body)
        begin: dict[str, list[int]] = {key: [] for key in element.lists}
        count: dict[str, list[int]] = {key: [] for key in element.lists}
        for _ in range(element.count):
            for key, length, item in plan:
                if key is None:
                    at += item
                    continue
                size = int.from_bytes(body[at : at + length], order)  # type: ignore[arg-type]
                begin[key].append(at + length)
                count[key].append(size)
                at += length + size * item
            if at > end:
                raise _short(self._name, element)
        self._at = at
        found: _Ragged = {}
        for key, (_, kind) in element.lists.items():
            width = np.dtype(kind).itemsize
            sizes = np.array(count[key], np.int64)
            first = np.cumsum(sizes) - sizes
            places = (
                np.repeat(np.array(begin[key], np.int64) - first * width, sizes) + np.arange(int(sizes.sum())) * width
            )
            raw = np.frombuffer(body, np.uint8)[places[:, None] + np.arange(width)]
            found[key] = (np.ascontiguousarray(raw).view(self._order + kind).reshape(-1).astype(np.int64), sizes)
        return found


class _Text:
    """Numbers of a text file, one element after the other."""

    def __init__(self, body: bytes, name: str) -> None:
        self._name, self._at = name, 0
        try:
            self._values = np.array(body.split(), np.float64)
        except ValueError as error:
            raise Invalid(
                f"{name} has a value that is no number ({str(error)[:80]}): export it again", code="mesh-syntax"
            ) from error

    def take(self, element: _Element) -> tuple[_Columns, _Ragged]:
        """The next element's columns and lists."""
        width = len(element.order)
        if not element.lists:
            rows = self._some(element, element.count * width).reshape(-1, max(width, 1))
            return {key: rows[:, column] for column, key in enumerate(element.order)}, {}
        if len(element.lists) == 1 and element.order[0] in element.lists and self._left(element) > 0:
            key, rest = element.order[0], width - 1
            size = self._values[self._at]
            row = 1 + int(size) + rest if 0 <= size < 1e6 else 0
            if row and self._left(element) >= element.count * row:
                block = self._values[self._at : self._at + element.count * row].reshape(element.count, row)
                if (block[:, 0] == size).all():
                    self._at += block.size
                    items = block[:, 1 : 1 + int(size)].astype(np.int64).reshape(-1)
                    return {}, {key: (items, np.full(element.count, int(size), np.int64))}
        return {}, self._walk(element)

    def _walk(self, element: _Element) -> _Ragged:
        """Rows of different lengths, one by one: each says where the next begins."""
        values, at, end = self._values, self._at, len(self._values)
        parts: dict[str, list[F64]] = {key: [] for key in element.lists}
        for _ in range(element.count):
            for key in element.order:
                if key in element.fields:
                    at += 1
                    continue
                if at >= end or not 0 <= values[at] <= end - at:
                    raise _short(self._name, element)
                size = int(values[at])
                parts[key].append(values[at + 1 : at + 1 + size])
                at += 1 + size
            if at > end:
                raise _short(self._name, element)
        self._at = at
        return {
            key: (
                np.concatenate(rows).astype(np.int64) if rows else np.empty(0, np.int64),
                np.array([len(row) for row in rows], np.int64),
            )
            for key, rows in parts.items()
        }

    def _left(self, element: _Element) -> int:
        return len(self._values) - self._at if element.count else 0

    def _some(self, element: _Element, count: int) -> F64:
        if self._at + count > len(self._values):
            raise _short(self._name, element)
        found = self._values[self._at : self._at + count]
        self._at += count
        return found


def _short(name: str, element: _Element) -> Invalid:
    return Invalid(
        f"{name} declares {element.count:,} rows of {element.name[:40]!r} and breaks off before their end:"
        " expected a whole PLY model; copy it again",
        code="mesh-truncated",
    )


def _build(model: Model, columns: dict[str, F64], corners: I64, counts: I64, name: str, full: float) -> None:
    """The one object of the file. full: the value of a colour at full strength."""
    points = np.column_stack([columns["x"], columns["y"], columns["z"]])
    if len(corners) and not (corners.min() >= 0 and corners.max() < len(points)):
        wrong = corners[(corners < 0) | (corners >= len(points))][0]
        raise Invalid(
            f"{name} has a face that names vertex {wrong} of {len(points)}: export it again", code="mesh-index"
        )
    places, _ = triangulate(points, corners, counts)
    faces = corners[places].astype(np.uint32)
    colours = [columns[key] for key in ("red", "green", "blue") if key in columns]
    if len(colours) == 3 and len(faces):
        rgb = np.column_stack(colours)
        rgba = np.column_stack([rgb, columns.get("alpha", np.full(len(rgb), full))]) / full
        looks = model.looks.add_many(rgba[faces].mean(axis=1))
    else:
        looks = np.full(len(faces), model.looks.add(GREY), np.uint16)
    model.nodes.append(Node("", -1, model.add_mesh(points, faces, looks)))
