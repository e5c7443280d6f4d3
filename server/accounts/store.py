"""`AccountStore`: users with their passwords and roles, and signing in and out."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.accounts.passwords import Passwords, generate
from server.accounts.roles import Permission, Role, permissions_of, roles_from
from server.accounts.schema import MIGRATIONS, MODULE
from server.accounts.sessions import Session, Sessions
from server.accounts.throttle import Throttle
from server.errors import NotSignedIn
from server.settings import Settings
from twin.clock import Clock
from twin.errors import Conflict, Denied, Invalid, NotFound
from twin.graph import Database

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
FIRST = "admin"


@dataclass(frozen=True)
class User:
    """A person's account. The password's hash never leaves the store."""

    name: str
    display_name: str
    roles: tuple[Role, ...]
    enabled: bool
    created_ms: int
    changed_ms: int

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the user may do."""
        return permissions_of(self.roles)


class AccountStore:
    """Users in `park.duckdb`; a small table, so it is also kept in memory. Safe from several threads."""

    def __init__(self, db: Database, clock: Clock, settings: Settings) -> None:
        db.migrate(MODULE, MIGRATIONS)
        self._db = db
        self._clock = clock
        self._lock = threading.RLock()
        self._passwords = Passwords(
            memory_kib=settings.argon2_memory_kib,
            time_cost=settings.argon2_time_cost,
            min_length=settings.password_min_length,
        )
        self._throttle = Throttle(
            clock,
            attempts=settings.sign_in_attempts,
            pause_s=settings.sign_in_pause_seconds,
            pause_max_s=settings.sign_in_pause_max_seconds,
        )
        self.sessions = Sessions(
            db,
            clock,
            idle_ms=settings.session_idle_minutes * 60_000,
            max_ms=settings.session_max_hours * 3_600_000,
        )
        self._users: dict[str, User] = {}
        self._hashes: dict[str, str] = {}
        for row in db.rows("SELECT * FROM user_account"):
            self._hashes[row["name"]] = row["password_hash"]
            self._users[row["name"]] = User(
                row["name"],
                row["display_name"],
                tuple(Role(name) for name in row["roles"].split(",")),
                row["enabled"],
                row["created_ms"],
                row["changed_ms"],
            )

    def create_initial_admin(self, name: str = FIRST) -> str | None:
        """Make the first administrator where there is no user yet; returns the generated password, once."""
        with self._lock:
            if self._users:
                return None
            password = generate()
            self.create(name, password, ["administrator"], display_name="管理员")
            return password

    def reset_password(self, name: str) -> str:
        """Give a user a new generated password and end their sessions. Raises NotFound."""
        password = generate()
        self.update(name, password=password)
        return password

    def users(self) -> list[User]:
        """All users by name."""
        with self._lock:
            return [self._users[name] for name in sorted(self._users)]

    def user(self, name: str) -> User:
        """One user. Raises NotFound."""
        with self._lock:
            if name not in self._users:
                raise NotFound(f"No user has the name {name!r}", code="no-user")
            return self._users[name]

    def create(self, name: str, password: str, roles: Sequence[str], *, display_name: str = "") -> User:
        """Add a user. Raises Invalid on an unusable name, role or password, Conflict where the name is taken."""
        if not NAME.fullmatch(name):
            raise Invalid(
                f"User name {name!r} is not usable: expected 2 to 32 lower-case letters, digits, '.', '_' or '-'",
                code="user-name",
            )
        given = roles_from(roles)
        hashed = self._passwords.hash(password, user=name)
        now = self._clock.now_ms()
        user = User(name, display_name or name, given, enabled=True, created_ms=now, changed_ms=now)
        with self._lock:
            if name in self._users:
                raise Conflict(f"A user {name!r} exists already: choose another name", code="user-exists")
            self._write(user, hashed)
        return user

    def update(
        self,
        name: str,
        *,
        roles: Sequence[str] | None = None,
        enabled: bool | None = None,
        display_name: str | None = None,
        password: str | None = None,
        keep_token: str = "",
    ) -> User:
        """Change what is given. Other roles, a new password or disabling end the user's sessions (but `keep_token`'s).

        Raises NotFound, Invalid, and Conflict where no administrator would be left.
        """
        hashed = None if password is None else self._passwords.hash(password, user=name)
        with self._lock:
            old = self.user(name)
            new = replace(
                old,
                roles=old.roles if roles is None else roles_from(roles),
                enabled=old.enabled if enabled is None else enabled,
                display_name=old.display_name if display_name is None else display_name or name,
                changed_ms=self._clock.now_ms(),
            )
            others = [user for user in self._users.values() if user.name != name]
            if not any(user.enabled and Role.ADMINISTRATOR in user.roles for user in [*others, new]):
                raise Conflict(f"{name!r} is the last administrator: make another one first", code="last-administrator")
            self._write(new, hashed or self._hashes[name])
        if hashed or new.roles != old.roles or not new.enabled:
            self.sessions.end_all(name, but=keep_token)
        return new

    def change_password(self, name: str, old: str, new: str, *, address: str, keep_token: str) -> None:
        """A user's own change; other sessions of the user end. Raises Denied where the old password is wrong."""
        self._throttle.check(name, address)
        if not self._passwords.verify(self._hashes.get(name), old):
            self._throttle.failed(name, address)
            raise Denied("The present password is wrong: nothing was changed", code="wrong-password")
        self.update(name, password=new, keep_token=keep_token)

    def sign_in(self, name: str, password: str, *, address: str, agent: str = "") -> tuple[User, str]:
        """(user, session token). Raises NotSignedIn where name or password is wrong, Throttled after too many."""
        self._throttle.check(name, address)
        user = self._users.get(name)
        stored = self._hashes.get(name)
        if not self._passwords.verify(stored, password) or user is None or stored is None or not user.enabled:
            self._throttle.failed(name, address)
            raise NotSignedIn("User name or password is wrong", code="wrong-password")
        self._throttle.succeeded(name, address)
        if self._passwords.outdated(stored):
            with self._lock:
                self._write(user, self._passwords.rehash(password))
        return user, self.sessions.create(name, address, agent)

    def authenticate(self, token: str) -> tuple[User, Session] | None:
        """The user of a session token, where the session holds and the user is enabled."""
        session = self.sessions.find(token)
        user = None if session is None else self._users.get(session.user)
        return None if session is None or user is None or not user.enabled else (user, session)

    def holds(self, token: str) -> User | None:
        """The same without keeping the session alive: a page that is only left open ends with its idle time."""
        session = self.sessions.peek(token)
        user = None if session is None else self._users.get(session.user)
        return user if user is not None and user.enabled else None

    def _write(self, user: User, hashed: str) -> None:
        with self._db.transaction() as cursor:
            cursor.execute("DELETE FROM user_account WHERE name = ?", [user.name])
            cursor.execute(
                "INSERT INTO user_account VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    user.name,
                    user.display_name,
                    hashed,
                    ",".join(role.value for role in user.roles),
                    user.enabled,
                    user.created_ms,
                    user.changed_ms,
                ],
            )
        self._users[user.name] = user
        self._hashes[user.name] = hashed
