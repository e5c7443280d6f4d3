"""What a client may be told."""

from __future__ import annotations

from twin.errors import Denied, ParkError


class SignedOut(Denied):
    """The server let the client not in, or no longer: sign in again."""

    code = "signed-out"


class LiveError(ParkError):
    """The server refused a message or a request; `code` is the server's."""

    code = "live"


class CommandRefused(LiveError):
    """A command did not end confirmed; `command` in the detail tells all of it."""

    code = "command-refused"
