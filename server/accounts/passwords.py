"""Passwords: Argon2id hashes, the rules a new one must meet, and generated ones."""

from __future__ import annotations

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from twin.errors import Invalid

MAX_LENGTH = 256
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # nothing that is mistaken for something else on paper
GROUPS, GROUP = 4, 5  # 20 signs of 32: 100 bits


class Passwords:
    """Hashes and checks. At most two checks run at once: each one takes tens of MiB by design."""

    def __init__(self, *, memory_kib: int, time_cost: int, min_length: int) -> None:
        self.min_length = min_length
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
        self._slots = threading.Semaphore(2)
        self._nobody = self._hasher.hash(secrets.token_urlsafe(16))

    def hash(self, password: str, *, user: str = "") -> str:
        """The hash to keep. Raises Invalid where the password is too short, too long, or the user's name."""
        if not self.min_length <= len(password) <= MAX_LENGTH:
            raise Invalid(
                f"The password has {len(password)} characters: expected {self.min_length} to {MAX_LENGTH}",
                code="password-length",
            )
        if user and user.lower() in password.lower() and len(password) < len(user) + self.min_length:
            raise Invalid("The password is little more than the user's name: choose another one", code="password-name")
        if len(set(password)) < 4:
            raise Invalid("The password repeats the same few signs: choose another one", code="password-simple")
        return self.rehash(password)

    def rehash(self, password: str) -> str:
        """The hash of a password that was taken before, with today's settings."""
        with self._slots:
            return self._hasher.hash(password)

    def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password is right. An unknown user (None) takes the same time as a wrong password."""
        with self._slots:
            try:
                right = self._hasher.verify(stored or self._nobody, password[: MAX_LENGTH + 1])
            except (VerificationError, InvalidHashError):
                return False
        return right and stored is not None

    def outdated(self, stored: str) -> bool:
        """Whether a hash was made with weaker settings than today's."""
        return self._hasher.check_needs_rehash(stored)


def generate() -> str:
    """A password for a person to read off a terminal: `xxxxx-xxxxx-xxxxx-xxxxx`."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
