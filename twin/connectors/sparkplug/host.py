"""The host's side of Sparkplug B: what edge nodes have been born with, and what their messages say.

An address is `spBv1.0/<group>/<node>/<device>/<metric>`; of a node's own metrics the device is empty
(`spBv1.0/<group>/<node>//<metric>`). Names of metrics may have slashes.

Births tell names, aliases and types. A message that cannot be understood without them (an unknown alias, a gap in the
sequence numbers) makes the host ask the node for a rebirth, at most every `rebirth_s` seconds. When a node or a device
dies, its last values turn stale.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from twin.connectors.intake import Arrived
from twin.connectors.sparkplug import HEAD
from twin.connectors.sparkplug.command import command
from twin.connectors.sparkplug.metric import BOOLEAN, Message, Metric, metric, parse
from twin.connectors.sparkplug.schema import Payload
from twin.errors import Invalid
from twin.state.quality import STALE

SEQ = 256
REBIRTH_S = 10.0
REBIRTH = "Node Control/Rebirth"
BD_SEQ = "bdSeq"
KINDS = frozenset({"NBIRTH", "DBIRTH", "NDATA", "DDATA", "NDEATH", "DDEATH"})
MAX_NODES = 10_000
MAX_METRICS = 100_000
Ask = Callable[[str, bytes], None]
"""(topic, payload) → published."""


class Known(NamedTuple):
    """A metric from a birth."""

    address: str
    kind: int


@dataclass(slots=True)
class Node:
    """What is known of an edge node. seq: of its last message, -1 before its birth; last: values by device and address."""

    seq: int = -1
    bd_seq: int | None = None
    alias: dict[int, Known] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)  # address → data type
    last: dict[str, dict[str, Metric]] = field(default_factory=dict)
    asked_at: float = -1e9


class Host:
    """Reads messages of all nodes of a broker. ask: publishes rebirth requests; now: monotonic seconds."""

    def __init__(self, ask: Ask, *, rebirth_s: float = REBIRTH_S, now: Callable[[], float] = time.monotonic) -> None:
        self._ask, self._rebirth_s, self._now = ask, rebirth_s, now
        self._nodes: dict[str, Node] = {}
        self.rebirths = 0

    def read(self, topic: str, payload: bytes) -> list[Arrived]:
        """Values of a message in order; none for what is no data. Raises Invalid where it cannot be read."""
        parts = topic.split("/")
        if len(parts) not in (4, 5) or parts[2] not in KINDS:
            return []  # STATE of hosts, commands
        group, kind, name, device = parts[1], parts[2], parts[3], parts[4] if len(parts) == 5 else ""
        if (kind[0] == "D") != bool(device):
            raise Invalid(
                f"Topic {topic!r} is no Sparkplug topic: expected a device in D messages only", code="payload"
            )
        key = f"{group}/{name}"
        node = self._nodes.get(key)
        if node is None:
            if len(self._nodes) >= MAX_NODES:
                raise Invalid(f"More than {MAX_NODES} Sparkplug nodes: expected fewer on one broker", code="payload")
            node = self._nodes[key] = Node()
        message = parse(payload)
        match kind[1:]:
            case "BIRTH":
                return self._born(node, key, device, message)
            case "DATA":
                self._follows(node, key, message)
                return self._values(node, key, device, message)
            case _ if device:
                self._follows(node, key, message)
                return _stale(node, device)
            case _:
                return _node_died(node, message)

    def command(self, address: str, value: float) -> tuple[str, bytes]:
        """(topic, payload) that asks a metric to take a value.

        Raises Invalid where no birth told of the metric, or its data type does not hold the value.
        """
        parts = address.split("/", 4)
        if len(parts) != 5 or not parts[1] or not parts[2] or not parts[4]:
            raise Invalid(
                f"Address {address!r} is no Sparkplug metric: expected {HEAD}<group>/<node>/<device>/<metric>",
                code="address",
            )
        node = self._nodes.get(f"{parts[1]}/{parts[2]}")
        if node is None or address not in node.kinds:
            raise Invalid(f"No Sparkplug birth has told of {address!r}: nothing is known to write to", code="address")
        return command(parts[1], parts[2], parts[3], parts[4], node.kinds[address], value)

    def _born(self, node: Node, key: str, device: str, message: Message) -> list[Arrived]:
        if not device:
            if message.seq is not None:
                node.seq = message.seq % SEQ
            node.alias.clear()
            node.kinds.clear()
            node.bd_seq = _bd_seq(message)
        elif not self._follows(node, key, message):
            return []
        for raw in message.metrics:
            if not raw.name or len(node.kinds) >= MAX_METRICS:
                continue
            address = f"{HEAD}{key}/{device}/{raw.name}"
            node.kinds[address] = raw.datatype
            if raw.HasField("alias"):
                node.alias[raw.alias] = Known(address, raw.datatype)
        return self._values(node, key, device, message)

    def _follows(self, node: Node, key: str, message: Message) -> bool:
        """Keep the sequence; ask for a rebirth where the node's birth is missing or a message was lost."""
        if node.seq < 0:
            self._ask_rebirth(node, key)
            return False
        expected, node.seq = (node.seq + 1) % SEQ, (message.seq or 0) % SEQ
        if node.seq != expected:
            self._ask_rebirth(node, key)
        return True

    def _values(self, node: Node, key: str, device: str, message: Message) -> list[Arrived]:
        arrived: list[Arrived] = []
        last = node.last.setdefault(device, {})
        for raw in message.metrics:
            if raw.name:
                address = f"{HEAD}{key}/{device}/{raw.name}"
                kind = node.kinds.get(address, 0)
            else:
                known = node.alias.get(raw.alias)
                if known is None:
                    self._ask_rebirth(node, key)
                    continue
                address, kind = known
            found = metric(raw, kind, message.time)
            if not found.historical and len(last) < MAX_METRICS:
                last[address] = found
            arrived.append(
                Arrived(address, found.value, found.time, found.quality, sample=_sample(found), text=found.text)
            )
        return arrived

    def _ask_rebirth(self, node: Node, key: str) -> None:
        if self._now() - node.asked_at < self._rebirth_s:
            return
        node.asked_at = self._now()
        self.rebirths += 1
        group, _, name = key.partition("/")
        request = Payload(timestamp=time.time_ns() // 1_000_000)
        request.metrics.add(name=REBIRTH, datatype=BOOLEAN, boolean_value=True, timestamp=request.timestamp)
        self._ask(f"{HEAD}{group}/NCMD/{name}", request.SerializeToString())


def _node_died(node: Node, message: Message) -> list[Arrived]:
    told = _bd_seq(message)
    if told is not None and node.bd_seq is not None and told != node.bd_seq:
        return []  # the will of an earlier session, come late
    node.seq = -1
    return [arrived for device in node.last for arrived in _stale(node, device)]


def _bd_seq(message: Message) -> int | None:
    return next((int(raw.long_value or raw.int_value) for raw in message.metrics if raw.name == BD_SEQ), None)


def _stale(node: Node, device: str) -> list[Arrived]:
    return [
        Arrived(address, found.value, 0, STALE, sample=_sample(found), text=found.text)
        for address, found in node.last.get(device, {}).items()
    ]


def _sample(found: Metric) -> bytes:
    return (found.text or f"{found.value:.15g}").encode()
