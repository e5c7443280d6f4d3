"""Tokens of push connectors: one for each, of which only the hash is kept. A new one ends the one before."""

from __future__ import annotations

import hmac
import secrets
import threading
from dataclasses import dataclass

from server.accounts.sessions import hash_of
from server.errors import NotSignedIn
from twin.clock import Clock
from twin.graph import Database

PREFIX = "push_"
MODULE = "connecting"
MIGRATIONS = (
    "CREATE TABLE connector_token (connector VARCHAR, token_hash VARCHAR, created_ms BIGINT, created_by VARCHAR)",
)


@dataclass(frozen=True)
class ConnectorToken:
    """What is known of a connector's token. created_ms: epoch ms."""

    connector: str
    token_hash: str
    created_ms: int
    created_by: str


class ConnectorTokens:
    """The tokens of a park, in `park.duckdb` and in memory. Safe from several threads."""

    def __init__(self, db: Database, clock: Clock) -> None:
        db.migrate(MODULE, MIGRATIONS)
        self._db, self._clock = db, clock
        self._lock = threading.Lock()
        rows = [ConnectorToken(**row) for row in db.rows("SELECT * FROM connector_token")]
        self._by_name = {row.connector: row for row in rows}

    def issue(self, connector: str, *, by: str) -> str:
        """A new token of a connector, which stands nowhere else; the one before ends at once."""
        token = PREFIX + secrets.token_urlsafe(32)
        made = ConnectorToken(connector, hash_of(token), self._clock.now_ms(), by)
        with self._lock:
            with self._db.transaction() as cursor:
                cursor.execute("DELETE FROM connector_token WHERE connector = ?", [connector])
                cursor.execute(
                    "INSERT INTO connector_token VALUES (?, ?, ?, ?)",
                    [made.connector, made.token_hash, made.created_ms, made.created_by],
                )
            self._by_name[connector] = made
        return token

    def of(self, connector: str) -> ConnectorToken | None:
        """What is known of a connector's token; None where it has none."""
        with self._lock:
            return self._by_name.get(connector)

    def check(self, connector: str, token: str) -> None:
        """Raise NotSignedIn unless the token is the connector's; takes the same time for every wrong one."""
        known = self.of(connector)
        expected = known.token_hash if known is not None else ""
        if not hmac.compare_digest(expected.encode(), hash_of(token).encode()):
            raise NotSignedIn(
                f"The bearer token is not the one of connector {connector!r}: issue one under /admin/mappings",
                code="connector-token",
            )
