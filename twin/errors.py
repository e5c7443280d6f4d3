"""The error tree. Every error names the thing, the value and what was expected.

`server/problems.py` maps these classes to HTTP and WebSocket codes; nothing below the server
knows HTTP.
"""

from __future__ import annotations


class ParkError(Exception):
    """Base of all errors a user may see. `code` is stable and documented; the message is one sentence."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None, **detail: object) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code
        self.detail = detail

    @property
    def message(self) -> str:
        """The sentence shown to the user."""
        return str(self)


class NotFound(ParkError):
    """The named thing does not exist."""

    code = "not-found"


class Invalid(ParkError):
    """The input cannot be used: a broken file, a wrong value, an unknown name."""

    code = "invalid"


class Conflict(ParkError):
    """The request contradicts the present state: already there, already running, changed meanwhile."""

    code = "conflict"


class Denied(ParkError):
    """The caller may not do this."""

    code = "denied"


class Unavailable(ParkError):
    """Something this needs is not there now: disk full, broker away, limit reached."""

    code = "unavailable"
