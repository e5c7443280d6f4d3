"""Call a function at a steady beat, whatever it does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


async def every(seconds: float, action: Callable[[], Awaitable[None] | None]) -> None:
    """Call `action` every so many seconds until cancelled.

    The beat does not drift; beats that were missed are skipped, not made up for. An action that fails
    is logged and called again at the next beat.
    """
    loop = asyncio.get_running_loop()
    due = loop.time() + seconds
    while True:
        await asyncio.sleep(due - loop.time())
        try:
            result = action()
            if result is not None:
                await result
        except Exception:
            log.exception("A beat failed")
        due = max(due + seconds, loop.time())
