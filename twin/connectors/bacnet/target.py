"""The address of a BACnet point: `<device>/<object type>,<instance>[/<property>][?priority=…]`."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from bacpypes3.basetypes import PropertyIdentifier
from bacpypes3.primitivedata import ObjectIdentifier

from twin.errors import Invalid

GRAMMAR = "<IPv4 address>[:<port>]/<object type>,<instance>[/<property>][?priority=<1-16>], as 192.0.2.5/analog-value,3"
PORT = 47808
_TEXT = re.compile(
    r"(?P<host>[0-9.]+)(?::(?P<port>\d{1,5}))?/(?P<object>[a-z0-9-]+,\d{1,7})(?:/(?P<property>[a-z0-9-]+))?"
    r"(?:\?priority=(?P<priority>\d{1,2}))?"
)
Key = tuple[int, int, int]
"""Object type, instance and property, as numbers."""


@dataclass(frozen=True, slots=True)
class Target:
    """One property of an object of a device. device: `host:port`; attribute: the property; priority: of writes, None for the connector's."""

    source: str
    device: str
    type: int
    instance: int
    attribute: int
    priority: int | None

    @property
    def key(self) -> Key:
        """What is read, whatever priority it is written with."""
        return self.type, self.instance, self.attribute


def parse_target(source: str) -> Target:
    """A target from its address. Raises Invalid naming what is wrong."""
    match = _TEXT.fullmatch(source)
    if match is None:
        raise _wrong(source, f"expected {GRAMMAR}")
    try:
        host = ipaddress.IPv4Address(match["host"])
        port = int(match["port"] or PORT)
        if not 0 < port < 65536 or host.is_multicast or host == ipaddress.IPv4Address("255.255.255.255"):
            raise ValueError(f"{host}:{port} is no address of a single device")  # noqa: TRY301
    except ValueError as error:
        raise _wrong(source, str(error)) from error
    try:
        kind, instance = ObjectIdentifier(match["object"])
        name = PropertyIdentifier(match["property"] or "present-value")
    except (ValueError, TypeError) as error:
        raise _wrong(source, f"{error} is unknown; expected {GRAMMAR}") from error
    priority = None if match["priority"] is None else int(match["priority"])
    if priority is not None and not 1 <= priority <= 16:
        raise _wrong(source, f"priority {priority}; expected 1 (highest) to 16")
    return Target(source, f"{host}:{port}", int(kind), int(instance), int(name), priority)


def _wrong(source: str, why: str) -> Invalid:
    return Invalid(f"BACnet address {source!r}: {why}", code="address")
