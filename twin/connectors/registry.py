"""Which connector kinds there are, and how one is made from its settings in `park.toml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from twin.connectors.connector import Connector, Sink
from twin.connectors.mqtt import mqtt_from_settings
from twin.errors import Invalid
from twin.state.point import PointSpec

Factory = Callable[[str, Mapping[str, object], Sequence[PointSpec], Sink], Connector]
"""(name, settings without name and kind, points, sink) → connector. Raises Invalid naming a wrong setting."""

KINDS: Mapping[str, Factory] = MappingProxyType({"mqtt": mqtt_from_settings})


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
