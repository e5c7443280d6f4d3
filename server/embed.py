"""Who may embed the park's scene: `[embed]` of park.toml."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass

from twin.errors import Invalid
from twin.park import Park

TOKEN = re.compile(r"[A-Za-z0-9_-]{16,128}")  # it also travels as a WebSocket subprotocol, so only these signs
ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")


@dataclass(frozen=True)
class Embed:
    """Who may look without signing in, and from where.

    origins: pages that may frame `/embed` and read from scripts; public: anyone may look; token: whoever
    sends it as a bearer token may look. It stands in the embedding page, so it is no secret of a person:
    it only reads the scene and its live values.
    """

    origins: tuple[str, ...] = ()
    public: bool = False
    token: str = ""

    def admits(self, given: str) -> bool:
        """Whether a caller without a session may look; `given` is the token it sent, or nothing."""
        return self.public or (bool(self.token) and hmac.compare_digest(given.encode(), self.token.encode()))

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
        token = table.get("token", "")
        if not isinstance(token, str) or (token and not TOKEN.fullmatch(token)):
            raise Invalid(
                "[embed] token of park.toml is not usable: expected 16 to 128 letters, digits, '-' or '_'",
                code="park-file",
            )
        return cls(tuple(origins), bool(table.get("public", False)), token)
