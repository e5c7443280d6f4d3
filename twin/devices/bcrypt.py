"""bcrypt, by the C library: the only kind of password hash that the embedded broker reads."""

from __future__ import annotations

import ctypes
import ctypes.util
import secrets
import threading

from twin.errors import Unavailable

COST = 4
"""The lowest. Device secrets are 192 random bits: no guessing gets shorter by a slow hash, but ten thousand devices that
come back at once would wait for one of cost 11 for a quarter of an hour."""
_SIGNS = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_lock = threading.Lock()


def bcrypt(secret: str) -> str:
    """The hash `$2b$04$…` of a secret of at most 72 bytes. Raises Unavailable where the C library has no bcrypt."""
    salt = "".join(secrets.choice(_SIGNS) for _ in range(21)) + secrets.choice(".Oeu")  # 128 bits
    with _lock:  # crypt() answers in memory of its own
        made = _crypt(secret, f"$2b${COST:02d}${salt}")
    if not made.startswith("$2b$"):
        raise Unavailable(
            "This machine's C library cannot make bcrypt hashes: expected libcrypt of libxcrypt; install it",
            code="no-bcrypt",
        )
    return made


def matches(secret: str, hashed: str) -> bool:
    """Whether a hash was made of this secret."""
    with _lock:
        return secrets.compare_digest(_crypt(secret, hashed), hashed)


def _crypt(secret: str, setting: str) -> str:
    name = ctypes.util.find_library("crypt") or "libcrypt.so.1"
    try:
        function = ctypes.CDLL(name).crypt
    except (OSError, AttributeError):
        return ""
    function.restype, function.argtypes = ctypes.c_char_p, [ctypes.c_char_p, ctypes.c_char_p]
    found: bytes | None = function(secret.encode(), setting.encode())
    return (found or b"").decode("ascii", "replace")
