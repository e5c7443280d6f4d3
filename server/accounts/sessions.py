"""Sessions: an opaque random token in a cookie, of which only the hash is kept."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
from dataclasses import dataclass, replace

from twin.clock import Clock
from twin.graph import Database


@dataclass(frozen=True)
class Session:
    """One sign-in. `token_hash` identifies it; the token itself only the browser has."""

    token_hash: str
    user: str
    created_ms: int
    seen_ms: int
    ip: str
    agent: str


def hash_of(token: str) -> str:
    """What is kept of a token: it has 256 random bits, so a plain SHA-256 cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_of(token: str) -> str:
    """The value that changing requests carry in `X-CSRF-Token`: a page of another origin cannot know the cookie."""
    digest = hmac.new(token.encode(), b"parktwin csrf", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


class Sessions:
    """All sessions, in memory and in the database: a restart keeps people signed in."""

    def __init__(self, db: Database, clock: Clock, *, idle_ms: int, max_ms: int) -> None:
        self._db = db
        self._clock = clock
        self._idle_ms = idle_ms
        self._max_ms = max_ms
        self._lock = threading.Lock()
        self._touched: set[str] = set()
        rows = db.rows("SELECT * FROM session")
        self._sessions = {
            row["token_hash"]: Session(
                row["token_hash"], row["user_name"], row["created_ms"], row["seen_ms"], row["ip"], row["agent"]
            )
            for row in rows
        }
        self.sweep()

    def create(self, user: str, ip: str, agent: str) -> str:
        """Begin a session; returns its token, which is nowhere else."""
        token = secrets.token_urlsafe(32)
        now = self._clock.now_ms()
        session = Session(hash_of(token), user, now, now, ip, agent[:200])
        self.sweep()
        with self._db.transaction() as cursor:
            cursor.execute(
                "INSERT INTO session VALUES (?, ?, ?, ?, ?, ?)",
                [session.token_hash, user, now, now, ip, session.agent],
            )
        with self._lock:
            self._sessions[session.token_hash] = session
        return token

    def find(self, token: str) -> Session | None:
        """The session of a token where it still holds; its idle time starts anew.

        Only memory is touched, so the event loop may call this while a long write holds the database.
        """
        key = hash_of(token)
        now = self._clock.now_ms()
        with self._lock:
            session = self._sessions.get(key)
            if session is None or self._over(session, now):
                return None
            session = self._sessions[key] = replace(session, seen_ms=now)
            self._touched.add(key)
        return session

    def peek(self, token: str) -> Session | None:
        """The session of a token where it still holds; its idle time runs on."""
        now = self._clock.now_ms()
        with self._lock:
            session = self._sessions.get(hash_of(token))
        return None if session is None or self._over(session, now) else session

    def flush(self) -> None:
        """Write down when sessions were last used and forget those that are over; called about once a minute."""
        self.sweep()
        with self._lock:
            rows = [(self._sessions[key].seen_ms, key) for key in self._touched if key in self._sessions]
            self._touched.clear()
        if rows:
            with self._db.transaction() as cursor:
                cursor.executemany("UPDATE session SET seen_ms = ? WHERE token_hash = ?", rows)

    def end(self, token: str) -> None:
        """Sign out."""
        self._drop([hash_of(token)])

    def end_all(self, user: str, *, but: str = "") -> int:
        """End a user's sessions, as after a changed password or role. `but`: the token of the one that stays."""
        kept = hash_of(but) if but else ""
        with self._lock:
            keys = [key for key, row in self._sessions.items() if row.user == user and key != kept]
        self._drop(keys)
        return len(keys)

    def sweep(self) -> None:
        """Forget the sessions that are over."""
        now = self._clock.now_ms()
        with self._lock:
            keys = [key for key, session in self._sessions.items() if self._over(session, now)]
        self._drop(keys)

    def count(self) -> int:
        """How many sessions hold."""
        now = self._clock.now_ms()
        with self._lock:
            return sum(not self._over(session, now) for session in self._sessions.values())

    def _over(self, session: Session, now: int) -> bool:
        return now - session.seen_ms > self._idle_ms or now - session.created_ms > self._max_ms

    def _drop(self, keys: list[str]) -> None:
        if not keys:
            return
        with self._lock:
            for key in keys:
                self._sessions.pop(key, None)
                self._touched.discard(key)
        with self._db.transaction() as cursor:
            cursor.execute("DELETE FROM session WHERE token_hash IN (SELECT unnest(?))", [keys])
