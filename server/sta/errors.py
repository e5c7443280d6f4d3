"""The one error that only this interface knows."""

from __future__ import annotations

from twin.errors import Invalid


class Unsupported(Invalid):
    """The request is well formed, but this service does not do it: 501."""

    code = "sta-unsupported"


def wrong(message: str) -> Invalid:
    """The error of a query, path or body that cannot be used: 400."""
    return Invalid(message, code="sta-request")
