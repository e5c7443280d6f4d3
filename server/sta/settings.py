"""`[sta]` of park.toml: whether Observations go over MQTT."""

from __future__ import annotations

from dataclasses import dataclass

from twin.errors import Invalid
from twin.park import Park


@dataclass(frozen=True)
class StaSettings:
    """mqtt: publish new Observations on the park's broker, and take those that clients publish there."""

    mqtt: bool = False

    @classmethod
    def of(cls, park: Park) -> StaSettings:
        """Read the park's settings. Raises Invalid naming the wrong one."""
        table = park.tables.get("sta", {})
        if not isinstance(table, dict) or set(table) - {"mqtt"} or not isinstance(table.get("mqtt", False), bool):
            raise Invalid(f"[sta] of park.toml is {table!r}: expected mqtt = true or false in it", code="park-file")
        return cls(bool(table.get("mqtt", False)))
