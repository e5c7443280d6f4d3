"""Live messages as JSON columns (`docs/reference/live.md`), and what any encoding of them has to give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat

import orjson

from twin.state.choices import Choices
from twin.state.column_texts import Pool
from twin.state.hub import Hub
from twin.state.samples import Ints

Ident = int | str
Body = tuple[bytes, ...]
"""The part of a frame that all its receivers share, in pieces: they are joined once, with the receiver's head."""


@dataclass(frozen=True, slots=True, eq=False)
class Encoding:
    """How frames are written. body: the part that all receivers share; message: a whole frame for one of them.

    bodies: those of many scopes at once, each the same bytes as its `body`.
    """

    name: str
    body: Callable[[Hub, Ints, int, int], Body]
    bodies: Callable[[Hub, Choices, int, int], Sequence[Body]]
    message: Callable[[str, Ident, Body], bytes]


def body(hub: Hub, indices: Ints, seq: int, time: int) -> Body:
    """The part of a snapshot or delta that all its receivers share: seq, time and the columns, from `"seq"` to `}`.

    indices: point indices; seq: the tick up to which this tells; time: the hub's clock, epoch ms.
    Values that were never heard are null; frames of a hub that shows the past say so.
    """
    columns: dict[str, object] = {
        "seq": seq,
        "time": time,
        "points": indices,
        "values": hub.values[indices],
        "quality": hub.quality[indices],
        "changed_at": hub.changed_at[indices],
        "heard_at": hub.heard_at[indices],
    }
    if hub.past:
        columns["past"] = True
    return (orjson.dumps(columns, option=orjson.OPT_SERIALIZE_NUMPY)[1:],)


def bodies(hub: Hub, choices: Choices, seq: int, time: int) -> list[Body]:
    """The bodies of many scopes: each column is written once for all of them and cut where a scope ends."""
    pool = Pool(choices)
    return list(
        zip(
            repeat(b'"seq":%d,"time":%d,"points":[' % (seq, time)),
            pool.cut(choices.points),
            repeat(b'],"values":['),
            pool.column(hub.values),
            repeat(b'],"quality":['),
            pool.column(hub.quality),
            repeat(b'],"changed_at":['),
            pool.column(hub.changed_at),
            repeat(b'],"heard_at":['),
            pool.column(hub.heard_at),
            repeat(b'],"past":true}' if hub.past else b"]}"),
            strict=False,  # the texts between have no end
        )
    )


def message(kind: str, ident: Ident, shared: Body) -> bytes:
    """A whole message for one receiver: the head with its subscription's id, then the shared part."""
    return b"".join((_head(kind, ident), *shared))


@lru_cache(1024)
def _head(kind: str, ident: Ident) -> bytes:
    return b'{"type":"%s","id":%s,' % (kind.encode(), orjson.dumps(ident))


JSON = Encoding("json", body, bodies, message)
