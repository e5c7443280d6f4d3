"""The errors that only this interface knows."""

from __future__ import annotations

from twin.errors import Invalid


class Unsupported(Invalid):
    """The request is well formed, but this service does not do it: 501."""

    code = "sta-unsupported"


class NotAllowed(Invalid):
    """What stands there does not take this method: 405. allow: the methods that it takes."""

    code = "sta-method"

    def __init__(self, message: str, allow: str) -> None:
        super().__init__(message)
        self.allow = allow


def wrong(message: str) -> Invalid:
    """The error of a query, path or body that cannot be used: 400."""
    return Invalid(message, code="sta-request")
