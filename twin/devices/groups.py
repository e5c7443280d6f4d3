"""Groups of devices: named lists, and names for a question that is asked anew each time."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from twin.devices.listing import FILTERS
from twin.devices.register import DeviceRegister
from twin.errors import Conflict, Invalid, NotFound

NAME = re.compile(r"[^;\x00-\x1f]{1,100}")


@dataclass(frozen=True, slots=True)
class Group:
    """A group. filter: what its devices have, as in the list of devices; empty where devices name the group themselves."""

    id: str
    name: str
    filter: Mapping[str, str] = field(default_factory=dict)
    created_ms: int = 0
    created_by: str = ""


class Groups:
    """Groups in `park.duckdb`. A static group is what devices have in their field `groups`; it needs no row here."""

    def __init__(self, register: DeviceRegister) -> None:
        self._register, self._db = register, register.db

    def all(self) -> list[Group]:
        """By id: groups by query, then those that devices name, with an empty filter."""
        rows = self._db.rows("SELECT * FROM device_group ORDER BY id")
        made = [Group(**{**row, "filter": json.loads(row["filter"])}) for row in rows]
        known = {group.id for group in made}
        named = self._db.rows("SELECT DISTINCT unnest(groups) AS id FROM device WHERE state = 'active' ORDER BY 1")
        return [*made, *(Group(row["id"], row["id"]) for row in named if row["id"] not in known)]

    def get(self, ident: str) -> Group:
        """One group. Raises NotFound."""
        for group in self.all():
            if group.id == ident:
                return group
        raise NotFound(f"No device group has the id {ident!r}", code="no-device-group")

    def save(self, ident: str, name: str, wanted: Mapping[str, str], who: str) -> Group:
        """Make or change a group by query. Raises Invalid naming what is wrong, Conflict where devices name the id."""
        unknown = sorted(set(wanted) - set(FILTERS))
        if unknown or not any(wanted.values()):
            raise Invalid(
                f"Device group {ident!r}: filter {unknown or dict(wanted)} is not usable; expected some of {', '.join(FILTERS)}",
                code="device-group",
            )
        if not NAME.fullmatch(ident):
            raise Invalid(f"Device group {ident!r}: expected an id of 1 to 100 signs without ';'", code="device-group")
        if any(group.id == ident and not group.filter for group in self.all()):
            raise Conflict(f"Devices name the group {ident!r} themselves: choose another id", code="device-group")
        made = Group(ident, name or ident, {key: value for key, value in wanted.items() if value}, self._register.clock.now_ms(), who)  # fmt: skip
        with self._db.transaction() as cursor:
            cursor.execute("DELETE FROM device_group WHERE id = ?", [ident])
            cursor.execute(
                "INSERT INTO device_group VALUES (?, ?, ?, ?, ?)",
                [made.id, made.name, json.dumps(dict(made.filter), ensure_ascii=False), made.created_ms, who],
            )
        return made

    def remove(self, ident: str) -> Group:
        """Forget a group by query; no device changes. Raises NotFound, Conflict where devices name it."""
        group = self.get(ident)
        if not group.filter:
            raise Conflict(
                f"Group {ident!r} is what devices name: take it out of their field groups", code="device-group"
            )
        with self._db.transaction() as cursor:
            cursor.execute("DELETE FROM device_group WHERE id = ?", [ident])
        return group

    def wanted(self, ident: str) -> dict[str, Any]:
        """The filter that a group stands for. Raises NotFound."""
        group = self.get(ident)
        return dict(group.filter) or {"in_group": ident}
