"""The WebSocket protocol of the server: little waits for a slow reader in the network's buffers."""

from __future__ import annotations

import asyncio
import socket
from typing import Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

UNSENT_BYTES: Final = 16 << 10
"""Bytes that the system keeps of a connection before they are on their way."""


class LiveProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol, on connections whose system buffers are kept short.

    What waits there is old by the time it is read, and no newer value can take its place. Without a limit the system
    lets some megabytes wait: minutes of frames, for a reader that takes one a second.
    """

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Shorten the buffer, then go on as uvicorn does."""
        connection = transport.get_extra_info("socket")
        option = getattr(socket, "TCP_NOTSENT_LOWAT", None)
        if option is not None and connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6):
            connection.setsockopt(socket.IPPROTO_TCP, option, UNSENT_BYTES)
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=UNSENT_BYTES)
