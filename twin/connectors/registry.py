"""Which connector kinds there are, and how one is made from its settings in `park.toml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from twin.connectors.connector import Connector, Sink
from twin.errors import Invalid
from twin.state.point import PointSpec

Factory = Callable[..., Connector]
"""(name, settings without name and kind, points, sink) → connector; the kinds in WITH_FOLDER take the park's folder too.

Raises Invalid naming a wrong setting.
"""

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "bacnet": "twin.connectors.bacnet.connector:bacnet_from_settings",
        "gbt26875": "twin.connectors.gbt26875.connector:gbt26875_from_settings",
        "hj212": "twin.connectors.hj212.connector:hj212_from_settings",
        "http-pull": "twin.connectors.pull:pull_from_settings",
        "http-push": "twin.connectors.push:push_from_settings",
        "modbus": "twin.connectors.modbus.connector:modbus_from_settings",
        "mqtt": "twin.connectors.mqtt:mqtt_from_settings",
        "opcua": "twin.connectors.opcua.connector:opcua_from_settings",
        "replay": "twin.connectors.replay:replay_from_settings",
        "sensorthings": "twin.connectors.sensorthings:sensorthings_from_settings",
    }
)
"""Kind → `module:factory`; a module is imported when a park has a connector of that kind."""

WITH_FOLDER = frozenset({"gbt26875", "hj212", "http-pull", "modbus", "mqtt", "opcua", "replay", "sensorthings"})
"""Kinds whose settings name files; these are relative to the park's folder."""


def make_connector(
    settings: Mapping[str, object],
    points: Sequence[PointSpec],
    sink: Sink,
    *,
    folder: Path = Path(),
    others: Mapping[str, Factory] = MappingProxyType({}),
) -> Connector:
    """A connector from a `[[connectors]]` entry. others: kinds that are no part of `twin`.

    Raises Invalid where its kind or a setting is unknown.
    """
    rest = dict(settings)
    kind = str(rest.pop("kind", None))
    name = str(rest.pop("name", kind))
    if kind in others:
        return others[kind](name, rest, points, sink)
    if kind not in KINDS:
        raise Invalid(
            f"Connector kind {kind!r} is unknown: expected one of {', '.join(sorted({*KINDS, *others}))}",
            code="connector-kind",
        )
    module, _, function = KINDS[kind].partition(":")
    factory: Factory = getattr(import_module(module), function)
    return factory(name, rest, points, sink, folder) if kind in WITH_FOLDER else factory(name, rest, points, sink)
