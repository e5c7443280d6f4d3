"""How far a value can be trusted: the codes that stand on the wire and in the history."""

from __future__ import annotations

from typing import Final

GOOD: Final = 0
STALE: Final = 1
"""The value was good once, and nothing was heard for longer than its period allows."""
BAD: Final = 2
"""The last reading could not be used; the value shown is the last good one."""
NEVER: Final = 3
"""Nothing was ever heard; there is no value."""
NAMES: Final = ("good", "stale", "bad", "never")
