"""Embed tokens: what a page may show of the park, from where and until when. Issued, listed, revoked; never changed."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from server.accounts.schema import MIGRATIONS, MODULE
from server.accounts.sessions import hash_of
from server.embedding.settings import origins_from
from server.errors import NotSignedIn
from server.submissions.submission import LAYER_PREFIX
from twin.clock import Clock, iso
from twin.errors import Conflict, Invalid, NotFound
from twin.graph import Database
from twin.graph.layerfile import versions
from twin.ids import layer_name
from twin.park import Park

PREFIX = "park_"
NAME_LENGTH = 80
USED_STEP_MS = 60_000
State = Literal["active", "expired", "revoked"]


@dataclass(frozen=True)
class EmbedToken:
    """layers: names of the layers it shows, none: all that are published; origins: pages that may use it, none: those of park.toml.

    Times are epoch milliseconds. The token itself stands only in the embedding page; its hash is kept.
    """

    id: str
    name: str
    layers: tuple[str, ...]
    live: bool
    origins: tuple[str, ...]
    created_ms: int
    created_by: str
    expires_ms: int | None
    revoked_ms: int | None = None
    used_ms: int | None = None

    def state(self, now: int) -> State:
        """active, expired or revoked."""
        if self.revoked_ms is not None:
            return "revoked"
        return "expired" if self.expires_ms is not None and self.expires_ms <= now else "active"


class EmbedTokens:
    """The tokens of a park, in `park.duckdb` and in memory. Safe from several threads."""

    def __init__(self, db: Database, clock: Clock, park: Park) -> None:
        db.migrate(MODULE, MIGRATIONS)
        self._db = db
        self._clock = clock
        self._park = park
        self._lock = threading.Lock()
        self._by_hash: dict[str, EmbedToken] = {}
        self._touched: set[str] = set()
        for row in db.rows("SELECT * FROM embed_token"):
            key = row.pop("token_hash")
            lists = {name: tuple(filter(None, row[name].split(" "))) for name in ("layers", "origins")}
            self._by_hash[key] = EmbedToken(**{**row, **lists})

    def issue(
        self,
        name: str,
        *,
        by: str,
        layers: Sequence[str] = (),
        live: bool = False,
        origins: Sequence[str] = (),
        expires_ms: int | None = None,
    ) -> tuple[EmbedToken, str]:
        """(what was issued, the token: nowhere else). Raises Invalid, and Conflict where an active one has the name."""
        now = self._clock.now_ms()
        title = name.strip()
        if not 0 < len(title) <= NAME_LENGTH:
            raise Invalid(f"Token name {name!r} is not usable: expected 1 to {NAME_LENGTH} signs", code="token-name")
        if expires_ms is not None and expires_ms <= now:
            raise Invalid(
                f"The token would expire at {iso(expires_ms)}, which has passed: it is {iso(now)}", code="token-expiry"
            )
        made = EmbedToken(
            secrets.token_hex(6),
            title,
            self._known(layers),
            live,
            origins_from(origins, "The token's list of origins"),
            now,
            by,
            expires_ms,
        )
        token = PREFIX + secrets.token_urlsafe(32)
        with self._lock:
            if any(one.name == title and one.state(now) == "active" for one in self._by_hash.values()):
                raise Conflict(f"An active token is called {title!r} already: revoke it or choose another name")
            with self._db.transaction() as cursor:
                cursor.execute(
                    "INSERT INTO embed_token VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)",
                    [
                        *(hash_of(token), made.id, made.name, " ".join(made.layers), made.live),
                        *(" ".join(made.origins), made.created_ms, made.created_by, made.expires_ms),
                    ],
                )
            self._by_hash[hash_of(token)] = made
        return made, token

    def revoke(self, id_: str) -> EmbedToken:
        """End a token at once; doing it again changes nothing. Raises NotFound."""
        with self._lock:
            key, found = next(((key, one) for key, one in self._by_hash.items() if one.id == id_), ("", None))
            if found is None:
                raise NotFound(f"No embed token has the id {id_!r}", code="no-token")
            if found.revoked_ms is not None:
                return found
            ended = replace(found, revoked_ms=self._clock.now_ms())
            with self._db.transaction() as cursor:
                cursor.execute("UPDATE embed_token SET revoked_ms = ? WHERE id = ?", [ended.revoked_ms, id_])
            self._by_hash[key] = ended
        return ended

    def all(self) -> list[EmbedToken]:
        """Every token that was ever issued, newest first."""
        with self._lock:
            return sorted(self._by_hash.values(), key=lambda one: (-one.created_ms, one.id))

    def find(self, token: str) -> EmbedToken:
        """The active token. Raises NotSignedIn with the code token-unknown, token-expired or token-revoked.

        Only memory is touched, so the event loop may call this.
        """
        key, now = hash_of(token), self._clock.now_ms()
        with self._lock:
            found = self._by_hash.get(key)
            if found is None:
                raise NotSignedIn("The embed token is not one of this park: ask for a new one", code="token-unknown")
            if found.revoked_ms is not None:
                raise NotSignedIn(
                    f"The embed token {found.name!r} was revoked: ask for a new one", code="token-revoked"
                )
            if found.expires_ms is not None and found.expires_ms <= now:
                raise NotSignedIn(
                    f"The embed token {found.name!r} expired at {iso(found.expires_ms)}: ask for a new one",
                    code="token-expired",
                )
            if found.used_ms is None or now - found.used_ms >= USED_STEP_MS:
                found = self._by_hash[key] = replace(found, used_ms=now)
                self._touched.add(key)
        return found

    def flush(self) -> None:
        """Write down when tokens were last used; called about once a minute."""
        with self._lock:
            rows = [(self._by_hash[key].used_ms, key) for key in self._touched]
            self._touched.clear()
        if rows:
            with self._db.transaction() as cursor:
                cursor.executemany("UPDATE embed_token SET used_ms = ? WHERE token_hash = ?", rows)

    def origins(self) -> set[str]:
        """Pages that active tokens name."""
        now = self._clock.now_ms()
        with self._lock:
            return {origin for one in self._by_hash.values() if one.state(now) == "active" for origin in one.origins}

    def any_issued(self) -> bool:
        """Whether a token was ever given out, even if none holds any more: its page may ask why."""
        with self._lock:
            return bool(self._by_hash)

    def _known(self, layers: Sequence[str]) -> tuple[str, ...]:
        chosen = tuple(dict.fromkeys(layer_name(layer) for layer in layers))
        for layer in chosen:
            if layer.startswith(LAYER_PREFIX) or not versions(self._park, layer):
                raise Invalid(f"Layer {layer!r} has no built version in this park: see `parktwin layers`", code="layer")
        return chosen
