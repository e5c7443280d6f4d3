"""HTTP Basic for programs that know no sessions: a password is checked once, then a session stands for it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import threading

from server.accounts.store import AccountStore, User
from server.errors import NotSignedIn

MAX_KEPT = 1000
AGENT = "http-basic"


class BasicSignIn:
    """Remembers which credentials opened which session; a changed password or a disabled user ends that. Safe from threads."""

    def __init__(self, accounts: AccountStore) -> None:
        self._accounts = accounts
        self._salt = secrets.token_bytes(16)
        self._kept: dict[bytes, str] = {}
        self._lock = threading.Lock()

    def user_of(self, credentials: str, address: str) -> User:
        """The user of what stands behind `Basic `. Raises NotSignedIn where it is wrong, Throttled after too many."""
        mark = hashlib.blake2b(credentials.encode(), key=self._salt).digest()
        with self._lock:
            token = self._kept.get(mark, "")
        found = self._accounts.authenticate(token) if token else None
        if found is not None:
            return found[0]
        try:
            name, colon, password = base64.b64decode(credentials, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise NotSignedIn("The Authorization header is no HTTP Basic: expected user:password in base64") from error
        if not colon:
            raise NotSignedIn("The Authorization header lacks a password: expected user:password in base64")
        user, token = self._accounts.sign_in(name, password, address=address, agent=AGENT)
        with self._lock:
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            self._kept[mark] = token
        return user
