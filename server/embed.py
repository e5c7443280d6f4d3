"""Who may embed the park's scene: `[embed]` of park.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass

from twin.errors import Invalid
from twin.park import Park

ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")


@dataclass(frozen=True)
class Embed:
    """origins: pages that may frame `/embed` and read tiles; public: whether anyone may look without signing in."""

    origins: tuple[str, ...] = ()
    public: bool = False

    @classmethod
    def of(cls, park: Park) -> Embed:
        """Read the park's settings. Raises Invalid naming the wrong origin."""
        table = park.tables.get("embed", {})
        if not isinstance(table, dict):
            raise Invalid("[embed] of park.toml is no table: expected origins and public in it", code="park-file")
        origins = table.get("origins", [])
        if not isinstance(origins, list):
            raise Invalid("[embed] origins of park.toml is no list of origins", code="park-file")
        for origin in origins:
            if not isinstance(origin, str) or not ORIGIN.fullmatch(origin):
                raise Invalid(
                    f"[embed] origins of park.toml holds {origin!r}: expected origins like https://www.example.org",
                    code="park-file",
                )
        return cls(tuple(origins), bool(table.get("public", False)))
