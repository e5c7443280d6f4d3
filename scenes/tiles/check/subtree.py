"""Subtrees of implicit tiling: the JSON, the binary form, and whether their availability agrees with itself."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scenes.tiles.check.buffers import check_buffers, read_views
from scenes.tiles.check.entity import check_entity
from scenes.tiles.check.issues import Issues
from scenes.tiles.check.metadata_types import Schema
from scenes.tiles.check.run import Context
from scenes.tiles.check.shape import Field, Table, check_object, every
from scenes.tiles.check.source import Place, Unreadable, parse
from scenes.tiles.check.table import check_table, check_table_data

Bits = npt.NDArray[np.bool_]
AVAILABILITY: Table = {
    "bitstream": Field("integer", low=0),
    "availableCount": Field("integer", low=0),
    "constant": Field(choices=(0, 1)),
}
SUBTREE: Table = {
    "propertyTables": Field("array", length=(1, None), items=Field("object")),
    "tileAvailability": Field("object", required=True, fields=AVAILABILITY),
    "contentAvailability": Field("array", length=(1, None), items=Field("object", fields=AVAILABILITY)),
    "childSubtreeAvailability": Field("object", required=True, fields=AVAILABILITY),
    "tileMetadata": Field("integer", low=0),
    "contentMetadata": Field("array", length=(1, None), items=Field("integer", low=0)),
    "subtreeMetadata": Field("object"),
}
MOST_NODES = 1 << 26
"""Tiles of one subtree: deeper ones are not expanded."""


@dataclass(frozen=True)
class Subtree:
    """The availability of a valid subtree. tiles, contents: by level, then Morton order; children likewise."""

    tiles: Bits
    contents: list[Bits]
    children: Bits


def check_subtree(issues: Issues, data: bytes, place: Place, context: Context) -> Subtree | None:
    """Judge a subtree file; returns its availability where that can be told."""
    raw, chunk = _parts(issues, data)
    if raw is None or not _structure(issues, raw, context.schema, binary=chunk is not None):
        return None
    views = read_views(issues, "", raw, place, chunk)
    if views is None:
        return None
    if context.schema is not None:
        for index, table in enumerate(raw.get("propertyTables") or []):
            check_table_data(issues, f"/propertyTables/{index}", table, context.schema, views)
    return _availability(issues, raw, views, context.implicit) if context.implicit is not None else None


def _parts(issues: Issues, data: bytes) -> tuple[Any, bytes | None]:
    try:
        if data[:4] != b"subt":
            return parse(data), None
        if len(data) < 24:
            issues.add("BINARY_INVALID_LENGTH", "", f"{len(data)} bytes do not hold the header of 24")
            return None, None
        version, json_length, binary_length = struct.unpack_from("<IQQ", data, 4)
        if version != 1:
            issues.add("BINARY_INVALID_VALUE", "/version", f"the version is {version}, not 1")
        elif json_length % 8 or binary_length % 8:
            message = f"the lengths {json_length} and {binary_length} have to be multiples of 8"
            issues.add("BINARY_INVALID_ALIGNMENT", "", message)
        elif 24 + json_length + binary_length != len(data):
            message = f"header and chunks are {24 + json_length + binary_length} bytes, the file has {len(data)}"
            issues.add("BINARY_INVALID_LENGTH", "", message)
        else:
            return parse(data[24 : 24 + json_length]), data[24 + json_length :]
    except Unreadable as error:
        issues.add(error.kind, "", str(error))
    return None, None


def _structure(issues: Issues, raw: Any, schema: Schema | None, *, binary: bool) -> bool:
    if not check_object(issues, "", raw, SUBTREE) or not check_buffers(issues, "", raw, binary=binary):
        return False
    views, tables = raw.get("bufferViews") or [], raw.get("propertyTables") or []
    fine = every(check_table(issues, f"/propertyTables/{i}", table, schema, views) for i, table in enumerate(tables))
    indices = [("/tileMetadata", raw.get("tileMetadata"))] if raw.get("tileMetadata") is not None else []
    indices += [(f"/contentMetadata/{i}", index) for i, index in enumerate(raw.get("contentMetadata") or [])]
    if indices and not tables:
        return issues.add("REQUIRED_VALUE_NOT_FOUND", indices[0][0], "metadata needs propertyTables")
    for path, index in indices:
        if index >= len(tables):
            fine = issues.add("VALUE_NOT_IN_RANGE", path, f"{index} names none of {len(tables)} property tables")
    if raw.get("subtreeMetadata") is not None:
        fine &= check_entity(issues, "/subtreeMetadata", raw["subtreeMetadata"], schema, declared=schema is not None)
    for path, one in _each(raw):
        given = [name for name in ("bitstream", "constant") if one.get(name) is not None]
        if len(given) != 1:
            kind = "ONE_OF_ERROR" if given else "ANY_OF_ERROR"
            fine = issues.add(kind, path, "availability has either a bitstream or a constant")
        elif one.get("bitstream") is not None and one["bitstream"] >= len(views):
            fine = issues.add("VALUE_NOT_IN_RANGE", f"{path}/bitstream", f"there are {len(views)} buffer views")
    return fine


def _each(raw: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        ("/tileAvailability", raw["tileAvailability"]),
        *((f"/contentAvailability/{i}", one) for i, one in enumerate(raw.get("contentAvailability") or [])),
        ("/childSubtreeAvailability", raw["childSubtreeAvailability"]),
    ]


def _availability(issues: Issues, raw: dict[str, Any], views: list[bytes], implicit: dict[str, Any]) -> Subtree | None:
    branch = 8 if implicit["subdivisionScheme"] == "OCTREE" else 4
    levels = int(implicit["subtreeLevels"])
    if levels > 40 or branch**levels > MOST_NODES:
        issues.add("CHECK_LIMIT_REACHED", "", f"a subtree of {levels} levels is too large to be checked")
        return None
    tiles = (branch**levels - 1) // (branch - 1)
    bits: list[Bits] = []
    for path, one in _each(raw):
        count = branch**levels if path == "/childSubtreeAvailability" else tiles
        found = _bits(issues, path, one, views, count)
        if found is None:
            return None
        bits.append(found)
    result = Subtree(bits[0], bits[1:-1], bits[-1])
    return result if _consistent(issues, result, branch, tiles) else None


def _bits(issues: Issues, path: str, one: dict[str, Any], views: list[bytes], count: int) -> Bits | None:
    kind = "SUBTREE_AVAILABILITY_INCONSISTENT"
    if one.get("bitstream") is None:
        bits = np.full(count, bool(one["constant"]))
    else:
        data = views[one["bitstream"]]
        if len(data) != (count + 7) // 8:
            issues.add(kind, path, f"{count} bits are {(count + 7) // 8} bytes, the buffer view has {len(data)}")
            return None
        bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")[:count].astype(bool)
    available = int(bits.sum())
    if one.get("availableCount") is not None and one["availableCount"] != available:
        issues.add(kind, path, f"availableCount is {one['availableCount']}, but {available} are available")
        return None
    return bits


def _consistent(issues: Issues, subtree: Subtree, branch: int, tiles: int) -> bool:
    kind, fine = "SUBTREE_AVAILABILITY_INCONSISTENT", True
    # In breadth-first order with Morton order inside a level, node i's parent is (i - 1) // branch.
    nodes = np.arange(1, tiles)
    orphans = np.flatnonzero(subtree.tiles[1:] & ~subtree.tiles[(nodes - 1) // branch])
    if len(orphans):
        fine = issues.add(kind, "/tileAvailability", f"tile {orphans[0] + 1} is available, its parent is not")
    for index, contents in enumerate(subtree.contents):
        lost = np.flatnonzero(contents & ~subtree.tiles)
        if len(lost):
            message = f"content {lost[0]} is available, its tile is not"
            fine = issues.add(kind, f"/contentAvailability/{index}", message)
    last = len(subtree.children) // branch
    lost = np.flatnonzero(subtree.children & ~subtree.tiles[-last:].repeat(branch))
    if len(lost):
        message = f"child subtree {lost[0]} is available, the tile above is not"
        fine = issues.add(kind, "/childSubtreeAvailability", message)
    return fine
