"""Implicit tiling: from the root's templates over all subtrees to the contents they make available."""

from __future__ import annotations

from typing import Any

import numpy as np

from scenes.tiles.arrays import I64
from scenes.tiles.check.content import check_content
from scenes.tiles.check.issues import Issues
from scenes.tiles.check.run import MOST_TILES, Context, Run, Trail, Where
from scenes.tiles.check.source import Place, Unreadable
from scenes.tiles.check.subtree import Subtree, check_subtree
from scenes.tiles.check.tile import Head, contents

Node = tuple[int, int, int, int]
"""level, x, y, z."""


def check_implicit(
    run: Run, issues: Issues, path: str, tile: dict[str, Any], place: Place, head: Head, trail: Trail
) -> None:
    """Judge all subtrees below a valid implicit root, and the files of available contents."""
    tiling = tile["implicitTiling"]
    context = Context(head.schema, tiling)
    axes = 3 if tiling["subdivisionScheme"] == "OCTREE" else 2
    queue: list[Node] = [(0, 0, 0, 0)]
    while queue:
        node = queue.pop()
        uri = _expand(tiling["subtrees"]["uri"], node)
        if run.tiles > MOST_TILES:
            issues.add("CHECK_LIMIT_REACHED", path, f"more than {MOST_TILES} tiles: the rest is not checked")
            return
        if not run.count(issues, path):
            return
        try:
            data, inner = place.read(uri)
        except Unreadable as error:
            kind = "TILE_IMPLICIT_ROOT_INVALID" if node[0] == 0 else error.kind
            issues.add(kind, f"{path}/implicitTiling/subtrees", f"subtree {uri}: {error}")
            continue
        nested = issues.nest("CONTENT", f"{path}/implicitTiling/subtrees", uri)
        subtree = check_subtree(nested, data, inner, context)
        if subtree is None:
            continue
        run.tiles += int(subtree.tiles.sum())
        _contents(run, issues, path, tile, place, subtree, node, axes, trail)
        levels = int(tiling["subtreeLevels"])
        if node[0] + levels >= tiling["availableLevels"]:
            if subtree.children.any():
                message = f"child subtrees lie below the {tiling['availableLevels']} available levels"
                nested.add("SUBTREE_AVAILABILITY_INCONSISTENT", "/childSubtreeAvailability", message)
            continue
        queue.extend(_nodes(np.flatnonzero(subtree.children), levels, node, axes))


def _expand(template: str, node: Node) -> str:
    for name, value in zip(("level", "x", "y", "z"), node, strict=True):
        template = template.replace(f"{{{name}}}", str(value))
    return template


def _contents(
    run: Run,
    issues: Issues,
    path: str,
    tile: dict[str, Any],
    place: Place,
    subtree: Subtree,
    root: Node,
    axes: int,
    trail: Trail,
) -> None:
    templates, branch = contents(tile), 1 << axes
    for (name, content), available in zip(templates, subtree.contents, strict=False):
        start, level = 0, 0
        while start < len(available):
            size = branch**level
            found = np.flatnonzero(available[start : start + size])
            for node in _nodes(found, level, root, axes):
                where = Where(_volume(tile["boundingVolume"], node, axes))
                check_content(run, issues, f"{path}/{name}", _expand(content["uri"], node), place, where, trail)
            start, level = start + size, level + 1


def _nodes(morton: I64, level: int, root: Node, axes: int) -> list[Node]:
    """Morton indices `level` levels below a subtree's root → nodes."""
    coordinates = np.zeros((len(morton), 3), np.int64)
    for bit in range(level):
        for axis in range(axes):
            coordinates[:, axis] |= ((morton >> (bit * axes + axis)) & 1) << bit
    up = [value << level for value in root[1:]]
    return [(root[0] + level, x + up[0], y + up[1], z + up[2]) for x, y, z in coordinates.tolist()]


def _volume(volume: dict[str, Any], node: Node, axes: int) -> dict[str, Any] | None:
    """The box of an implicit tile; None for regions, which glTF positions are not compared with."""
    if volume.get("box") is None:
        return None
    box, level = np.asarray(volume["box"], np.float64), node[0]
    half = box[3:].reshape(3, 3)
    centre = box[:3].copy()
    half = half.copy()
    for axis in range(axes):
        place = (2 * node[1 + axis] + 1) / 2.0**level - 1
        centre += half[axis] * place
        half[axis] /= 2.0**level
    return {"box": [*centre, *half.ravel()]}
