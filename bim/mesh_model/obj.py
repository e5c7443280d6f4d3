"""Wavefront OBJ: one object for each `o` and, in it, each `g`; colours from the material library or the vertices."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bim.mesh_model.colours import to_linear, to_srgb
from bim.mesh_model.limits import MAX_FACES, MAX_NODES, MAX_VERTICES, check_count
from bim.mesh_model.model import F64, GREY, FaceImage, Model, Node
from bim.mesh_model.mtl import Material, read_materials
from bim.mesh_model.polygons import triangulate
from twin.errors import Invalid
from twin.side_files import SideFiles

I64 = npt.NDArray[np.int64]
_CHUNK = 200_000
_STATES = (b"o", b"g", b"usemtl", b"mtllib")


@dataclass(frozen=True)
class _State:
    """What holds for the faces from a line on."""

    line: int
    object: str
    group: str
    material: str


def read(path: Path, name: str) -> Model:
    """Read a file and its material libraries. Raises Invalid with one sentence where it is broken."""
    data = path.read_bytes().replace(b"\t", b" ").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"\\\n" in data:
        data = data.replace(b"\\\n", b" ")
    lines = (
        [line.lstrip() for line in data.split(b"\n")] if re.search(rb"^ ", data, re.MULTILINE) else data.split(b"\n")
    )
    del data
    heads = np.array([line[:7].partition(b" ")[0] for line in lines], "S7")
    model = Model()
    points, colours = _vertices([lines[i] for i in np.flatnonzero(heads == b"v")], name)
    uv = _rows([lines[i] for i in np.flatnonzero(heads == b"vt")], name, "vt", 1)
    check_count(name, "vertices", len(points), MAX_VERTICES)
    states, libraries = _states(lines, heads, name)
    for word, what in (
        (b"l", "OBJ line"),
        (b"p", "OBJ point"),
        (b"curv", "OBJ curve"),
        (b"surf", "OBJ free-form surface"),
    ):
        model.leave_out(what, int((heads == word).sum()))
    at = np.flatnonzero(heads == b"f")
    seen = [np.cumsum(heads == word)[at] for word in (b"v", b"vt")]
    corners, corners_uv, counts = _faces(lines, at, seen, (len(points), len(uv)), name)
    del lines, heads
    if not len(counts):
        what = f"{len(points):,} points and no face" if len(points) else "no vertex"
        raise Invalid(f"{name} holds {what}: expected a mesh; export it again with faces", code="mesh-empty")
    places, owner = triangulate(points, corners, counts)
    check_count(name, "triangles", len(places), MAX_FACES)
    materials = read_materials(libraries, SideFiles(path, name), model)
    state_of = np.searchsorted(np.array([state.line for state in states]), at[owner], "right") - 1
    looks = _looks(model, states, state_of, materials, (corners, corners_uv, places), colours)
    faces, flat = corners[places], None
    if model.images and uv.shape[1] >= 2:
        mapped = np.array([face_image is not None for _, _, face_image in model.looks.all])[looks]
        points, faces, flat = _split(points, faces, np.where(mapped[:, None], corners_uv[places], -1), uv)
    _nodes(model, states, state_of, (points, flat), faces.astype(np.uint32), looks)
    return model


def _split(points: F64, faces: I64, which: I64, uv: F64) -> tuple[F64, I64, F64]:
    """Vertices of one place and one texture coordinate: points, faces over them, and (n, 2) coordinates, v downwards.

    which (t, 3): the coordinate of each corner, -1 where it needs none.
    """
    key, corner = np.unique(faces * (len(uv) + 1) + which + 1, return_inverse=True)
    number = key % (len(uv) + 1) - 1
    flat = np.where(number[:, None] >= 0, uv[number, :2] * (1.0, -1.0) + (0.0, 1.0), np.nan)
    return points[key // (len(uv) + 1)], corner.reshape(-1, 3), flat


def _rows(lines: list[bytes], name: str, word: str, least: int) -> F64:
    """(n, columns) numbers after the keyword; columns that only some lines have are cut off."""
    if not lines:
        return np.empty((0, max(least, 3)))
    tokens = b" ".join(lines).split()
    width = len(lines[0].split())
    try:
        if len(tokens) == width * len(lines):
            table = np.array(tokens).reshape(-1, width)
            if (table[:, 0] == word.encode()).all():
                return _padded(table[:, 1:].astype(np.float64), least)
        split = [line.split() for line in lines]
        width = max(min(len(row) for row in split), 1)
        return _padded(np.array([row[1:width] for row in split], np.float64), least)
    except ValueError as error:
        raise Invalid(
            f"{name} has a line of {word!r} with a value that is no number ({str(error)[:80]}): export it again",
            code="mesh-syntax",
        ) from error


def _padded(rows: F64, least: int) -> F64:
    return rows if rows.shape[1] >= least else np.pad(rows, ((0, 0), (0, least - rows.shape[1])))


def _vertices(lines: list[bytes], name: str) -> tuple[F64, F64 | None]:
    """Positions (n, 3), and sRGB colours (n, 3) where all vertices carry one."""
    rows = _rows(lines, name, "v", 0)
    if len(rows) and rows.shape[1] < 3:
        raise Invalid(f"{name} has a vertex with fewer than three coordinates: export it again", code="mesh-syntax")
    colours = rows[:, 3:6] if rows.shape[1] >= 6 else None
    if colours is not None and colours.max(initial=0.0) > 1.0:
        colours = colours / 255.0
    return np.ascontiguousarray(rows[:, :3]), colours


def _states(lines: list[bytes], heads: npt.NDArray[np.bytes_], name: str) -> tuple[list[_State], list[str]]:
    """The changes of object, group and material by line, and the material libraries."""
    places = np.flatnonzero(np.isin(heads, _STATES))
    states, libraries = [_State(-1, "", "", "")], []
    for line in places.tolist():
        rest = lines[line].partition(b" ")[2].strip().decode("utf-8", "replace")
        word, last = heads[line], states[-1]
        if word == b"o":
            states.append(_State(line, rest, "", last.material))
        elif word == b"g":
            states.append(_State(line, last.object, "" if rest == "default" else rest, last.material))
        elif word == b"usemtl":
            states.append(_State(line, last.object, last.group, rest))
        else:
            libraries.append(rest)
    check_count(name, "objects and groups", len({(s.object, s.group) for s in states}), MAX_NODES)
    return states, list(dict.fromkeys(libraries))


def _faces(lines: list[bytes], at: I64, seen: list[I64], totals: tuple[int, int], name: str) -> tuple[I64, I64, I64]:
    """Corners as vertex and texture indices from 0 (-1 where there is none), and how many each face has."""
    vertex: list[I64] = []
    coordinate: list[I64] = []
    sizes: list[I64] = []
    for start in range(0, len(at), _CHUNK):
        some = at[start : start + _CHUNK]
        split = [lines[i].split()[1:] for i in some.tolist()]
        size = np.fromiter(map(len, split), np.int64, len(split))
        tokens = [token for row in split for token in row]
        try:
            first = np.array([token.partition(b"/")[0] for token in tokens], np.bytes_).astype(np.int64)
            second = np.array(
                [token.split(b"/", 2)[1] or b"0" if b"/" in token else b"0" for token in tokens], np.bytes_
            )
            texture = second.astype(np.int64)
        except (ValueError, OverflowError) as error:
            raise Invalid(
                f"{name} has a face near line {int(some[0]) + 1} with an index that is no number ({str(error)[:80]}):"
                " export it again",
                code="mesh-index",
            ) from error
        repeat = [np.repeat(values[start : start + _CHUNK], size) for values in seen]
        vertex.append(_absolute(first, repeat[0], totals[0], np.repeat(some, size), name))
        coordinate.append(_coordinates(texture, repeat[1], totals[1]))
        sizes.append(size)
    if not sizes:
        empty = np.empty(0, np.int64)
        return empty, empty, empty
    return np.concatenate(vertex), np.concatenate(coordinate), np.concatenate(sizes)


def _absolute(index: I64, before: I64, total: int, line: I64, name: str) -> I64:
    """Indices from 0: positive ones count from the file's start, negative ones back from the face."""
    found = np.where(index > 0, index - 1, before + index)
    wrong = (index == 0) | (found < 0) | (found >= total)
    if wrong.any():
        worst = int(np.argmax(wrong))
        raise Invalid(
            f"{name} has a face in line {int(line[worst]) + 1} that names vertex {int(index[worst])} of {total}:"
            " export it again",
            code="mesh-index",
        )
    return found


def _coordinates(index: I64, before: I64, total: int) -> I64:
    """Like `_absolute`, but what is out of range only loses its texture."""
    found = np.where(index > 0, index - 1, before + index)
    return np.where((index == 0) | (found < 0) | (found >= total), -1, found)


def _looks(
    model: Model,
    states: list[_State],
    state_of: I64,
    materials: dict[str, Material],
    mesh: tuple[I64, I64, I64],
    colours: F64 | None,
) -> npt.NDArray[np.uint16]:
    """(t,) the look of each triangle."""
    corners, corners_uv, places = mesh
    looks = np.zeros(len(places), np.uint16)
    names = {key: index for index, key in enumerate(dict.fromkeys(state.material for state in states))}
    number = np.array([names[state.material] for state in states])[state_of]
    for key, index in names.items():
        some = np.flatnonzero(number == index)
        if not len(some):
            continue
        material = materials.get(key)
        texture = material.texture if material else None
        if material is not None and texture is not None:
            at = corners_uv[places[some]]
            r, g, b = to_srgb(texture.mean[:3] * to_linear(material.rgba[:3])).tolist()
            a = material.rgba[3]
            face_image = FaceImage(
                material.number, material.rgba, alpha="blend" if a < 1 else "mask" if texture.cutout else "opaque"
            )
            known = (at >= 0).all(axis=1)
            looks[some[known]] = model.looks.add((r, g, b, a), key, face_image)
            if not known.all():
                looks[some[~known]] = model.looks.add((r, g, b, a * float(texture.mean[3])), key)
        elif material is not None:
            looks[some] = model.looks.add(material.rgba, key)
        elif colours is not None:
            rgb = colours[corners[places[some]]].mean(axis=1)
            looks[some] = model.looks.add_many(np.column_stack([rgb, np.ones(len(rgb))]))
        else:
            looks[some] = model.looks.add(GREY, key)
    return looks


def _nodes(
    model: Model,
    states: list[_State],
    state_of: I64,
    vertices: tuple[F64, F64 | None],
    faces: npt.NDArray[np.uint32],
    looks: npt.NDArray[np.uint16],
) -> None:
    """A node for each object, and below it one for each group that has faces."""
    keys = {key: index for index, key in enumerate(dict.fromkeys((state.object, state.group) for state in states))}
    number = np.array([keys[state.object, state.group] for state in states])[state_of]
    order = np.argsort(number, kind="stable")
    bounds = np.searchsorted(number[order], np.arange(len(keys) + 1))
    parents: dict[str, int] = {}
    for (owner, group), index in keys.items():
        some = order[bounds[index] : bounds[index + 1]]
        if not len(some):
            continue
        mesh = model.add_mesh(vertices[0], faces[some], looks[some], group or owner, vertices[1])
        if not group or not owner:
            model.nodes.append(Node(group or owner, -1, mesh))
            if not group:
                parents[owner] = len(model.nodes) - 1
            continue
        if owner not in parents:
            model.nodes.append(Node(owner, -1))
            parents[owner] = len(model.nodes) - 1
        model.nodes.append(Node(group, parents[owner], mesh))
