"""A .gz beside each tile, for servers to hand out as it is.

A tile is packed in pieces that know nothing of each other: what describes it, its shapes, its objects' names, the rest. So
one with other names takes over the bytes of all other pieces. The file is one member as every reader of gzip takes it
(RFC 1952); how long its pieces are stands in the header's extra field. Tables and streams have no text in common: the
pieces together are a little shorter than the whole packed at once.
"""

from __future__ import annotations

import struct
import zlib
from itertools import pairwise
from pathlib import Path

from scenes.build.digest import tile_files
from scenes.tiles.glb.container import MAGIC
from scenes.tiles.glb.seams import seams

LEVEL = 6
_HEAD = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff"
"""gzip, deflate, an extra field, no time of writing, no system."""
_FIELD = b"PT"
_END = b"\x03\0"
"""The last block of a stream of deflate, with nothing in it."""


def pack(folder: Path) -> tuple[int, int]:
    """Pack the tiles and tilesets below a folder that are not packed yet; returns bytes before and after of all."""
    before = after = 0
    for path in tile_files(folder):
        beside = path.with_name(path.name + ".gz")
        if not beside.exists():
            beside.write_bytes(gzipped(path.read_bytes()))
        before, after = before + path.stat().st_size, after + beside.stat().st_size
    return before, after


def gzipped(data: bytes, earlier: bytes = b"", earlier_packed: bytes = b"") -> bytes:
    """The same for the same data. earlier, earlier_packed: another tile and what this made of it, whose equal pieces are copied."""
    known = dict(zip(_pieces(earlier), _bodies(earlier_packed), strict=False))
    bodies = [known[piece] if piece in known else _deflated(piece) for piece in _pieces(data)]
    lengths = b"".join(struct.pack("<I", len(body)) for body in bodies)
    field = _FIELD + struct.pack("<H", len(lengths)) + lengths
    tail = struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)
    return b"".join((_HEAD, struct.pack("<H", len(field)), field, *bodies, _END, tail))


def _pieces(data: bytes) -> list[bytes]:
    at = [0, *(seams(data) if data.startswith(MAGIC) else ()), len(data)]
    return [data[begin:end] for begin, end in pairwise(at) if begin < end]


def _deflated(piece: bytes) -> bytes:
    """Deflated up to a whole byte; what follows refers to nothing in it."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)


def _bodies(data: bytes) -> list[bytes]:
    """The pieces of what `gzipped` made; none of anything else."""
    place = len(_HEAD) + 2
    if not data.startswith(_HEAD) or data[place : place + 2] != _FIELD:
        return []
    (count,) = struct.unpack_from("<H", data, place + 2)
    lengths = struct.unpack_from(f"<{count // 4}I", data, place + 4)
    at = place + 4 + count
    bodies = []
    for length in lengths:
        bodies.append(data[at : at + length])
        at += length
    return bodies
