"""Vertex streams of meshoptimizer (EXT_meshopt_compression, mode ATTRIBUTES, version 0) that gzip can shorten.

The library packs what a vertex adds to the one before into 2, 4 or 8 bits, whichever holds sixteen vertices. Packed bits
hide from gzip what comes again: the corners of one door after those of another. Here every byte that changes stays a
byte. Such a stream is longer, and shorter by up to a third after gzip (docs/decisions/0016).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenes.tiles.arrays import U8

BLOCK_BYTES, BLOCK_ROWS, GROUP = 8192, 256, 16
"""Vertices stand in blocks of so many bytes and rows at most, and in groups of GROUP in these."""
TAIL = 32
HEADER = np.uint8(0xA0)
"""Version 0."""
BITS = np.array((3, 3 << 2, 3 << 4, 3 << 6), np.uint8)
"""Of the groups of one header byte: eight bits for each difference."""


def encode(rows: npt.NDArray[np.generic]) -> bytes:
    """The stream of (n, k) numbers, n > 0; a row must be 4 to 256 bytes, in fours."""
    data = np.ascontiguousarray(rows).view(np.uint8).reshape(len(rows), -1)
    count, size = data.shape
    step = np.zeros_like(data)
    np.subtract(data[1:], data[:-1], out=step[1:])
    change: U8 = (step << np.uint8(1)) ^ (step.view(np.int8) >> np.int8(7)).view(np.uint8)
    block = min(BLOCK_ROWS, BLOCK_BYTES // size // GROUP * GROUP)
    whole = count // block * block
    rest = np.zeros((-(-(count - whole) // GROUP) * GROUP, size), np.uint8)
    rest[: count - whole] = change[whole:]
    tail = np.zeros(max(TAIL, size), np.uint8)
    tail[-size:] = data[0]
    parts = (_blocks(change[:whole].reshape(-1, block, size)), _blocks(rest[None]))
    return b"".join((HEADER.tobytes(), *(part.tobytes() for part in parts), tail.tobytes()))


def _blocks(change: U8) -> U8:
    """Blocks (b, rows, size) as they stand in the stream: column by column two bits for each group, then its bytes.

    A group without a change has no bytes.
    """
    blocks, rows, size = change.shape
    groups = rows // GROUP
    if not blocks or not groups:
        return np.empty(0, np.uint8)
    header = -(-groups // 4)
    out = np.empty((blocks, size, header + rows), np.uint8)
    out[:, :, header:] = change.transpose(0, 2, 1)
    used = np.zeros((blocks, size, header * 4), np.bool_)
    np.any(out[:, :, header:].reshape(blocks, size, groups, GROUP), axis=3, out=used[:, :, :groups])
    out[:, :, :header] = (used.reshape(blocks, size, header, 4) * BITS).sum(axis=3, dtype=np.uint8)
    kept = np.ones(out.shape, np.bool_)
    kept[:, :, header:] = np.repeat(used[:, :, :groups], GROUP, axis=2)
    return np.asarray(out[kept])
