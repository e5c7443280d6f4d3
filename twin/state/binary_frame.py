"""Live messages as typed arrays (`docs/reference/live.md`): little-endian, every column aligned to its size.

A browser makes views on the received buffer; nothing is parsed or copied. Offsets in bytes, n points:

| at | what |
|---|---|
| 0 | version u8 = 1 |
| 1 | kind u8: 1 snapshot, 2 delta |
| 2 | flags u8: bit 0 = the frame shows the past |
| 3 | 0 |
| 4 | subscription's id u32 |
| 8 | seq f64 |
| 16 | time f64, epoch ms |
| 24 | n u32 |
| 28 | 0 u32 |
| 32 | values f64 × n, NaN where nothing was ever heard |
| 32 + 8n | changed_at f64 × n, epoch ms |
| 32 + 16n | heard_at f64 × n, epoch ms |
| 32 + 24n | points u32 × n |
| 32 + 28n | quality u8 × n |

Times and seq are whole numbers below 2⁵³, which f64 holds exactly and a browser reads without BigInt.
"""

from __future__ import annotations

import struct
from typing import Final

import numpy as np

from twin.errors import Invalid
from twin.state.choices import Choices
from twin.state.frame import Body, Encoding, Ident
from twin.state.hub import Hub
from twin.state.samples import Codes, Floats, Ints

VERSION: Final = 1
KINDS: Final = {"snapshot": 1, "delta": 2}
PAST: Final = 1
_HEAD: Final = struct.Struct("<BBBxI")
_SHARED: Final = struct.Struct("<ddIxxxx")
HEAD_BYTES: Final = _HEAD.size + _SHARED.size
POINT_BYTES: Final = 29


def body(hub: Hub, indices: Ints, seq: int, time: int) -> Body:
    """The part that all receivers share. indices: point indices; seq: the tick; time: the hub's clock, epoch ms."""
    return (_flags(hub), _SHARED.pack(seq, time, len(indices)), *_columns(hub, indices))


def bodies(hub: Hub, choices: Choices, seq: int, time: int) -> list[Body]:
    """The bodies of many scopes: each column is gathered once for all of them and cut where a scope ends."""
    values, changed, heard, points, quality = _columns(hub, choices.points)
    flags, ends = _flags(hub), choices.ends.tolist()
    return [
        (
            flags, _SHARED.pack(seq, time, b - a), values[8 * a : 8 * b], changed[8 * a : 8 * b], heard[8 * a : 8 * b],
            points[4 * a : 4 * b], quality[a:b],
        )
        for a, b in zip([0, *ends], ends, strict=False)
    ]  # fmt: skip


def _flags(hub: Hub) -> bytes:
    return bytes((PAST if hub.past else 0,))


def _columns(hub: Hub, indices: Ints) -> tuple[bytes, bytes, bytes, bytes, bytes]:
    return (
        hub.values[indices].astype("<f8", copy=False).tobytes(),
        hub.changed_at[indices].astype("<f8").tobytes(),
        hub.heard_at[indices].astype("<f8").tobytes(),
        indices.astype("<u4").tobytes(),
        hub.quality[indices].tobytes(),
    )


def message(kind: str, ident: Ident, shared: Body) -> bytes:
    """A whole frame for one receiver. Raises Invalid where the subscription's id is no u32."""
    if not (isinstance(ident, int) and 0 <= ident < 2**32):
        raise Invalid(
            f"Subscription id {ident!r} is not usable in binary frames: expected a whole number below 2³²",
            code="live-id",
        )
    flags, *rest = shared
    return b"".join((_HEAD.pack(VERSION, KINDS[kind], flags[0], ident), *rest))


class BinaryFrame:
    """A received frame; its columns are views on the buffer. Raises Invalid where it is none."""

    __slots__ = ("changed_at", "heard_at", "ident", "kind", "past", "points", "quality", "seq", "time", "values")

    def __init__(self, buffer: bytes) -> None:
        if len(buffer) < HEAD_BYTES or buffer[0] != VERSION or buffer[1] not in KINDS.values():
            raise Invalid(f"A frame of {len(buffer)} bytes is no binary frame of version {VERSION}", code="live-frame")
        _, kind, flags, self.ident = _HEAD.unpack_from(buffer)
        seq, time, count = _SHARED.unpack_from(buffer, _HEAD.size)
        if len(buffer) != HEAD_BYTES + POINT_BYTES * count:
            raise Invalid(
                f"A binary frame of {count} points has {len(buffer)} bytes: expected {HEAD_BYTES + POINT_BYTES * count}",
                code="live-frame",
            )
        self.kind = "snapshot" if kind == KINDS["snapshot"] else "delta"
        self.past, self.seq, self.time = bool(flags & PAST), int(seq), int(time)
        at = HEAD_BYTES
        self.values: Floats = np.frombuffer(buffer, "<f8", count, at)
        self.changed_at: Floats = np.frombuffer(buffer, "<f8", count, at + 8 * count)
        self.heard_at: Floats = np.frombuffer(buffer, "<f8", count, at + 16 * count)
        self.points = np.frombuffer(buffer, "<u4", count, at + 24 * count)
        self.quality: Codes = np.frombuffer(buffer, np.uint8, count, at + 28 * count)


BINARY = Encoding("binary", body, bodies, message)
