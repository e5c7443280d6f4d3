"""Users of the embedded broker beside the park itself: devices, each held to topics of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BrokerUser:
    """A device at the broker's door. hashed: bcrypt of its secret; publish, subscribe: MQTT topics and filters."""

    user: str
    hashed: str
    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def authorization(user: str, password: str, others: Sequence[BrokerUser]) -> str:
    """The broker's `authorization` block: the park's own user with every right, the others with theirs."""
    lines = [f"  {{ user: {json.dumps(user)}, password: {json.dumps(password)} }}"]
    lines += [
        f"  {{ user: {json.dumps(one.user)}, password: {json.dumps(one.hashed)}, permissions: {{"
        f" publish: {{ allow: {_subjects(one.publish)} }},"
        # A subscription of QoS 1 is delivered on a subject under $MQTT.sub that the broker makes up for it.
        f" subscribe: {{ allow: {_subjects((*one.subscribe, '$MQTT/sub/#'))} }} }} }}"
        for one in others
    ]
    return "authorization { users: [\n" + "\n".join(lines) + "\n] }"


def subject(topic: str) -> str | None:
    """The NATS subject of an MQTT topic or filter, as the broker maps them; None where it takes no such topic.

    Levels are divided by '.', a '.' in a level becomes '//', an empty level is kept as '/'; a blank cannot be mapped.
    """
    if not topic or any(sign <= " " or sign == "\x7f" for sign in topic):
        return None
    levels = [level.replace(".", "//") or "/" for level in topic.split("/")]
    return ".".join({"+": "*", "#": ">"}.get(level, level) for level in levels)


def _subjects(topics: Iterable[str]) -> str:
    found: dict[str, None] = {}
    for topic in topics:
        made = subject(topic)
        if made is not None:
            found[made] = None
            if made.endswith(".>"):  # `a/#` means `a` too
                found[made.removesuffix(".>")] = None
    return json.dumps(list(found))
