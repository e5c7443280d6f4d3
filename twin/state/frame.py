"""Live messages as JSON columns (`docs/architecture.md`, 'Live')."""

from __future__ import annotations

import orjson

from twin.state.hub import Hub
from twin.state.samples import Ints


def body(hub: Hub, indices: Ints, seq: int, time: int) -> bytes:
    """The part of a snapshot or delta that all its receivers share: seq, time and the columns, from `"seq"` to `}`.

    indices: point indices; seq: the tick up to which this tells; time: the server's clock, epoch ms.
    Values that were never heard are null.
    """
    columns = {
        "seq": seq,
        "time": time,
        "points": indices,
        "values": hub.values[indices],
        "quality": hub.quality[indices],
        "changed_at": hub.changed_at[indices],
        "heard_at": hub.heard_at[indices],
    }
    return orjson.dumps(columns, option=orjson.OPT_SERIALIZE_NUMPY)[1:]


def message(kind: str, ident: int | str, text: bytes) -> bytes:
    """A whole message for one receiver: the head with its subscription's id, then the shared part."""
    return b'{"type":"%s","id":%s,' % (kind.encode(), orjson.dumps(ident)) + text
