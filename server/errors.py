"""Errors that only exist where requests are served; they extend the tree of `twin/errors.py`."""

from __future__ import annotations

from twin.errors import Denied, Invalid, Unavailable


class NotSignedIn(Denied):
    """The request has no valid session."""

    code = "not-signed-in"


class Throttled(Unavailable):
    """Too many attempts; `retry_after_s` in the detail says when to try again."""

    code = "too-many-attempts"


class TooLarge(Invalid):
    """The upload is over a limit."""

    code = "too-large"


class NotAcceptable(Invalid):
    """The body is of a kind that this route does not take."""

    code = "content-type"
