"""`Embedding`: the one place that says what an embedding page may do."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from server.accounts.roles import ANONYMOUS_EMBED, Permission
from server.embedding.settings import Embed
from server.embedding.tokens import EmbedTokens
from twin.errors import Denied


@dataclass(frozen=True)
class Grant:
    """What a caller without a session may do. layers: None for all; token: the id of its token, empty where `[embed] public` lets it in."""

    permissions: frozenset[Permission]
    layers: frozenset[str] | None = None
    token: str = ""
    origins: tuple[str, ...] = ()
    expires_ms: int | None = None


NOTHING = Grant(frozenset())


class Embedding:
    """Settings of park.toml and, once the databases are open, the issued tokens."""

    def __init__(self, settings: Embed) -> None:
        self.settings = settings
        self.tokens: EmbedTokens | None = None

    @property
    def open(self) -> bool:
        """Whether any page may embed anything, or might once; where not, no answer says a word about other origins."""
        return bool(self.settings.origins) or self.settings.public or bool(self.tokens and self.tokens.any_issued())

    def pages(self) -> tuple[str, ...]:
        """Origins that may frame `/embed` and load the widget's files, which hold no data."""
        named = self.tokens.origins() if self.tokens else set()
        return tuple(dict.fromkeys((*self.settings.origins, *sorted(named))))

    def readers(self, bearer: str) -> tuple[str, ...]:
        """Origins whose scripts may read what `bearer` (empty: nobody's) opens; for a token that does not hold: none."""
        if not bearer or self.tokens is None:
            return self.settings.origins
        try:
            return self.tokens.find(bearer).origins or self.settings.origins
        except Denied:
            return ()

    def grant(self, bearer: str, origin: str, host: str) -> Grant:
        """What a request with this token (or none) from a page of `origin` (empty: no page, or our own) may do.

        Raises NotSignedIn where the token does not hold, Denied where it was issued for other pages.
        """
        if not bearer or self.tokens is None:
            return Grant(ANONYMOUS_EMBED, origins=self.settings.origins) if self.settings.public else NOTHING
        token = self.tokens.find(bearer)
        allowed = token.origins or self.settings.origins
        if origin and origin not in allowed and urlsplit(origin).netloc != host.lower():
            raise Denied(
                f"Pages of {origin} may not use the embed token {token.name!r}: it is for"
                f" {', '.join(allowed) or 'pages of this server only'}",
                code="origin",
            )
        rights = ANONYMOUS_EMBED if token.live else frozenset({Permission.SCENE_READ})
        layers = frozenset(token.layers) if token.layers else None
        return Grant(rights, layers, token.id, allowed, token.expires_ms)
