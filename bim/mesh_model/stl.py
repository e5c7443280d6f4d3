"""STL, binary and text: one object for each solid."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from bim.mesh_model.limits import MAX_FACES, check_count
from bim.mesh_model.model import F64, GREY, Model, Node, weld
from twin.errors import Invalid

_FACET = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
_HEAD = 84
_SOLID = re.compile(rb"^[ \t]*solid\b[ \t]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)


def read_binary(path: Path, name: str) -> Model:
    """A binary file. Raises Invalid where it has fewer facets than it declares."""
    data = path.read_bytes()
    if len(data) < _HEAD:
        raise Invalid(f"{name} breaks off in its header: expected an STL model; copy it again", code="mesh-truncated")
    count = int.from_bytes(data[80:84], "little")
    check_count(name, "triangles", count, MAX_FACES)
    if len(data) < _HEAD + count * _FACET.itemsize:
        held = (len(data) - _HEAD) // _FACET.itemsize
        raise Invalid(
            f"{name} declares {count:,} triangles and breaks off after {held:,}: expected a whole STL model; copy it again",
            code="mesh-truncated",
        )
    facets = np.frombuffer(data, _FACET, count, _HEAD)
    model = Model()
    _add(model, facets["corners"].reshape(-1, 3).astype(np.float64), "")
    return model


def read_text(path: Path, name: str) -> Model:
    """A text file with any number of solids. Raises Invalid on a broken one."""
    data = path.read_bytes()
    starts = list(_SOLID.finditer(data))
    model = Model()
    for number, match in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(data)
        body = data[match.end() : end]
        if not re.search(rb"endsolid", body, re.IGNORECASE):
            raise Invalid(
                f"{name} breaks off in solid {_text(match.group(1))!r}: expected endsolid; copy it again",
                code="mesh-truncated",
            )
        lines = [line.strip() for line in body.split(b"\n")]
        rows = b" ".join(line[6:] for line in lines if line[:6].lower() == b"vertex")
        try:
            values = np.array(rows.split(), np.float64)
        except ValueError as error:
            raise Invalid(
                f"{name} has a vertex that is no number in solid {_text(match.group(1))!r} ({str(error)[:80]}):"
                " export it again",
                code="mesh-syntax",
            ) from error
        if len(values) % 9:
            raise Invalid(
                f"{name} has {len(values)} coordinates in solid {_text(match.group(1))!r}: expected nine a triangle;"
                " export it again",
                code="mesh-syntax",
            )
        check_count(name, "triangles", len(values) // 9, MAX_FACES)
        _add(model, values.reshape(-1, 3), _text(match.group(1)))
    return model


def _add(model: Model, corners: F64, name: str) -> None:
    """A solid from the corners (3m, 3) of its facets; equal corners become one vertex."""
    if not len(corners):
        return
    vertices, place = weld(corners)
    faces = place.reshape(-1, 3)
    look = model.looks.add(GREY)
    mesh = model.add_mesh(vertices, faces, np.full(len(faces), look, np.uint16), name)
    model.nodes.append(Node(name, -1, mesh))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").strip()[:120]
