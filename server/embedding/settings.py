"""`[embed]` of park.toml: who may embed without a token."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from twin.errors import Invalid
from twin.park import Park

ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")


def origins_from(given: Sequence[object], where: str) -> tuple[str, ...]:
    """Origins without repeats, in lower case. Raises Invalid naming the one that is none; `where` says where it stood."""
    for origin in given:
        if not isinstance(origin, str) or not ORIGIN.fullmatch(origin):
            raise Invalid(f"{where} holds {origin!r}: expected origins like https://www.example.org", code="origins")
    return tuple(dict.fromkeys(str(origin).lower() for origin in given))


@dataclass(frozen=True)
class Embed:
    """origins: pages that may frame `/embed` and read from scripts; public: whether they need no token."""

    origins: tuple[str, ...] = ()
    public: bool = False

    @classmethod
    def of(cls, park: Park) -> Embed:
        """Read the park's settings. Raises Invalid naming the wrong origin."""
        table = park.tables.get("embed", {})
        if not isinstance(table, dict):
            raise Invalid("[embed] of park.toml is no table: expected origins and public in it", code="park-file")
        unknown = sorted(set(table) - {"origins", "public"})
        if unknown:
            raise Invalid(
                f"[embed] of park.toml holds {', '.join(unknown)}: expected origins and public;"
                " tokens are issued by `parktwin embed issue`",
                code="park-file",
            )
        origins = table.get("origins", [])
        if not isinstance(origins, list):
            raise Invalid("[embed] origins of park.toml is no list of origins", code="park-file")
        return cls(origins_from(origins, "[embed] origins of park.toml"), bool(table.get("public", False)))
