"""Credentials of devices: a user of the embedded broker, a token for HTTP push. Only hashes are kept."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from twin.clock import Clock
from twin.connectors.broker_users import BrokerUser
from twin.devices.bcrypt import bcrypt
from twin.errors import Invalid, NotFound
from twin.graph.database import Database

MQTT: Final = "mqtt"
HTTP: Final = "http"
KINDS = (MQTT, HTTP)
USER_PREFIX = "device-"
TOKEN_PREFIX = "ptd_"  # noqa: S105  what tokens begin with
TOPIC = "devices/{id}/#"
"""Topics that are a device's own without any point naming them: to send on, and to be spoken to."""


@dataclass(frozen=True, slots=True)
class Credential:
    """One credential without its secret. kind: mqtt or http; user: the broker's user, empty for a token."""

    id: str
    device: str
    kind: str
    user: str
    created_ms: int
    created_by: str
    revoked_ms: int | None = None
    used_ms: int | None = None


class Credentials:
    """Issues, checks and revokes; a device has at most one of each kind. Safe from several threads.

    `verify` looks into memory only, so it may be called for every pushed message on the event loop.
    """

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock, self._lock = db, clock, threading.RLock()
        self._held: dict[str, Credential] = {}  # by hash, those that hold
        for row in db.rows("SELECT * FROM device_credential WHERE revoked_ms IS NULL"):
            hashed, user = row.pop("hash"), row.pop("user_name")
            self._held[hashed] = Credential(**row, user=user)
        self._touched: set[str] = set()

    def issue(self, device: str, kind: str, who: str) -> tuple[Credential, str]:
        """A new credential and its secret, which is nowhere else; the one that was of this kind ends.

        Raises Invalid on an unknown kind.
        """
        if kind not in KINDS:
            raise Invalid(f"Credential kind {kind!r} is unknown: expected {' or '.join(KINDS)}", code="credential-kind")
        secret = secrets.token_urlsafe(24)
        if kind == HTTP:
            secret = f"{TOKEN_PREFIX}{secret}"
        made = Credential(
            secrets.token_hex(6),
            device,
            kind,
            f"{USER_PREFIX}{device}" if kind == MQTT else "",
            self._clock.now_ms(),
            who,
        )
        hashed = bcrypt(secret) if kind == MQTT else _hash(secret)
        with self._lock:
            old = [one.id for one in self._held.values() if one.device == device and one.kind == kind]
            self._end(old, replaced_by=(made, hashed))
        return made, secret

    def revoke(self, device: str, kind: str) -> None:
        """End a device's credential at once. Raises NotFound where it has none of the kind."""
        with self._lock:
            old = [one.id for one in self._held.values() if one.device == device and one.kind == kind]
            if not old:
                raise NotFound(f"Device {device!r} has no {kind} credential: nothing was revoked", code="no-credential")
            self._end(old)

    def revoke_all(self, device: str) -> list[str]:
        """End all of a device's, as when it is retired; answers their kinds."""
        with self._lock:
            old = [one for one in self._held.values() if one.device == device]
            self._end([one.id for one in old])
        return sorted(one.kind for one in old)

    def verify(self, token: str) -> str | None:
        """The id of the device whose token this is, None where it holds no more or never did."""
        key = _hash(token)
        with self._lock:
            found = self._held.get(key)
            if found is None or found.kind != HTTP:
                return None
            self._held[key] = replace(found, used_ms=self._clock.now_ms())
            self._touched.add(key)
        return found.device

    def of(self, device: str) -> list[Credential]:
        """What a device holds."""
        with self._lock:
            return sorted((one for one in self._held.values() if one.device == device), key=lambda one: one.kind)

    def holders(self) -> dict[str, list[str]]:
        """Kinds of credentials by device."""
        found: dict[str, list[str]] = {}
        with self._lock:
            for one in self._held.values():
                found.setdefault(one.device, []).append(one.kind)
        return found

    def broker_users(self, topics: Mapping[str, Iterable[str]]) -> list[BrokerUser]:
        """The broker's users. topics: what the points of each device send on."""
        with self._lock:
            held = sorted(self._held.items(), key=lambda entry: entry[1].device)
        return [
            BrokerUser(
                one.user,
                hashed,
                publish=(TOPIC.format(id=one.device), *topics.get(one.device, ())),
                subscribe=(TOPIC.format(id=one.device),),
            )
            for hashed, one in held
            if one.kind == MQTT
        ]

    def flush(self) -> None:
        """Write down when tokens were last used; called about once a minute."""
        with self._lock:
            rows = [(self._held[key].used_ms, self._held[key].id) for key in self._touched if key in self._held]
            self._touched.clear()
        if rows:
            with self._db.transaction() as cursor:
                cursor.executemany("UPDATE device_credential SET used_ms = ? WHERE id = ?", rows)

    def _end(self, idents: list[str], replaced_by: tuple[Credential, str] | None = None) -> None:
        with self._db.transaction() as cursor:
            cursor.execute(
                "UPDATE device_credential SET revoked_ms = ? WHERE id IN (SELECT unnest(?::VARCHAR[]))",
                [self._clock.now_ms(), idents],
            )
            if replaced_by is not None:
                made, hashed = replaced_by
                cursor.execute(
                    "INSERT INTO device_credential VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL)",
                    [made.id, made.device, made.kind, made.user, hashed, made.created_ms, made.created_by],
                )
        ended = set(idents)
        self._held = {key: one for key, one in self._held.items() if one.id not in ended}
        if replaced_by is not None:
            self._held[replaced_by[1]] = replaced_by[0]


def _hash(token: str) -> str:
    """Tokens are 192 random bits: a plain SHA-256 cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()
