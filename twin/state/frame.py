"""Live messages as JSON columns (`docs/reference/live.md`), and what any encoding of them has to give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import orjson

from twin.state.hub import Hub
from twin.state.samples import Ints

Ident = int | str


@dataclass(frozen=True, slots=True)
class Encoding:
    """How frames are written. body: the part that all receivers share; message: a whole frame for one of them."""

    name: str
    body: Callable[[Hub, Ints, int, int], bytes]
    message: Callable[[str, Ident, bytes], bytes]


def body(hub: Hub, indices: Ints, seq: int, time: int) -> bytes:
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
    return orjson.dumps(columns, option=orjson.OPT_SERIALIZE_NUMPY)[1:]


def message(kind: str, ident: Ident, text: bytes) -> bytes:
    """A whole message for one receiver: the head with its subscription's id, then the shared part."""
    return b'{"type":"%s","id":%s,' % (kind.encode(), orjson.dumps(ident)) + text


JSON = Encoding("json", body, message)
