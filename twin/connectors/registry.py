"""Which connector kinds there are, and how one is made from its settings in `park.toml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from types import MappingProxyType
from typing import cast

from twin.connectors.connector import Connector, Sink
from twin.connectors.mqtt import mqtt_from_settings
from twin.errors import Invalid
from twin.state.point import PointSpec

Factory = Callable[[str, Mapping[str, object], Sequence[PointSpec], Sink], Connector]
"""(name, settings without name and kind, points, sink) → connector. Raises Invalid naming a wrong setting."""


def _later(module: str, function: str) -> Factory:
    """A factory whose module, and the library that it needs, is imported when the first connector is made."""

    def make(name: str, settings: Mapping[str, object], points: Sequence[PointSpec], sink: Sink) -> Connector:
        return cast("Factory", getattr(import_module(module), function))(name, settings, points, sink)

    return make


KINDS: Mapping[str, Factory] = MappingProxyType(
    {
        "mqtt": mqtt_from_settings,
        "opcua": _later("twin.connectors.opcua.connector", "opcua_from_settings"),
        "modbus": _later("twin.connectors.modbus.connector", "modbus_from_settings"),
        "bacnet": _later("twin.connectors.bacnet.connector", "bacnet_from_settings"),
        "hj212": _later("twin.connectors.hj212.connector", "hj212_from_settings"),
        "gbt26875": _later("twin.connectors.gbt26875.connector", "gbt26875_from_settings"),
    }
)


def make_connector(settings: Mapping[str, object], points: Sequence[PointSpec], sink: Sink) -> Connector:
    """A connector from a `[[connectors]]` entry. Raises Invalid where its kind or a setting is unknown."""
    rest = dict(settings)
    kind = rest.pop("kind", None)
    factory = KINDS.get(str(kind))
    if factory is None:
        raise Invalid(
            f"Connector kind {kind!r} is unknown: expected one of {', '.join(sorted(KINDS))}", code="connector-kind"
        )
    return factory(str(rest.pop("name", kind)), rest, points, sink)
