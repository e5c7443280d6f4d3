"""Other colours for tiles that stand as they are: only the streams of colours are written anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import meshopt
import numpy as np

from scenes.tiles.glb.buffers import MESHOPT, padded
from scenes.tiles.glb.container import pack, unpack
from scenes.tiles.palette import plain_colours
from twin.geometry.spool import Material

Tints = Mapping[int, int]
"""What colours become: four bytes as one number."""


def tints(before: Sequence[Material], after: Sequence[Material]) -> Tints | None:
    """What plain colours become where materials of the same numbers look otherwise.

    None where one becomes opaque or is it no more, which makes other triangles of it, or where of two materials of one
    colour one keeps it: colours do not tell which is which.
    """
    (old, was), (new, now) = (plain_colours([one.rgba for one in some]) for some in (before, after))
    if len(old) != len(new) or not np.array_equal(was, now):
        return None
    pairs = set(
        zip(*(rows.view("<u4").ravel().tolist() for rows in map(np.ascontiguousarray, (old, new))), strict=True)
    )
    found = dict(pairs)
    return {one: other for one, other in found.items() if one != other} if len(found) == len(pairs) else None


def tinted(data: bytes, colours: Tints) -> bytes:
    """A tile that was written by `write_glb`, without textures, with other colours: as that writes it."""
    document, binary = unpack(data)
    drawn = [primitive["attributes"] for mesh in document.get("meshes", []) for primitive in mesh["primitives"]]
    chosen = {document["accessors"][one["COLOR_0"]]["bufferView"] for one in drawn if "COLOR_0" in one}
    old, new = (np.array(list(some), "<u4") for some in (colours.keys(), colours.values()))
    parts, length = [], 0
    for number, view in enumerate(document["bufferViews"]):
        stored = view.get("extensions", {}).get(MESHOPT, view)
        part = binary[stored["byteOffset"] : stored["byteOffset"] + stored["byteLength"]]
        if number in chosen:
            plain = part if stored is view else meshopt.decode_gltf_buffer(part, stored["count"], 4, stored["mode"])
            rows = np.frombuffer(bytes(plain), "<u4").copy()
            where = rows[:, None] == old
            rows = np.where(where.any(axis=1), new[where.argmax(axis=1)], rows)
            again = rows.view(np.uint8).reshape(-1, 4)
            part = again.tobytes() if stored is view else meshopt.encode_gltf_buffer(again, stored["mode"])
        stored["byteOffset"], stored["byteLength"] = length, len(part)
        parts.append(part.ljust(padded(len(part)), b"\0"))
        length += len(parts[-1])
    document["buffers"][0]["byteLength"] = length
    return pack(document, b"".join(parts))
