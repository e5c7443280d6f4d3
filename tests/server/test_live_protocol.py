"""A reader that does not read: what waits for it in the network must stay small, since nothing newer can replace it."""

import asyncio
import socket

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from server.live.protocol import UNSENT_BYTES, LiveProtocol

READER_BYTES = 32 << 10
PIECE = bytes(4 << 10)


async def application(scope, receive, send):
    raise AssertionError("no request is made")


async def taken(kind):
    """Bytes that a connection takes before its protocol says that it may not write, and its transport's limits."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, READER_BYTES)
        config = uvicorn.Config(application, ws=kind)
        protocol = kind(config=config, server_state=ServerState(), app_state={})
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_connection(lambda: protocol, *door.getsockname())
        reader, _ = door.accept()
        count = 0
        try:
            while protocol.writable.is_set():
                transport.write(PIECE)
                count += len(PIECE)
                await asyncio.sleep(0)
            return count, transport.get_write_buffer_limits()
        finally:
            transport.abort()
            reader.close()


async def test_little_waits_for_a_reader_that_does_not_read():
    usual, (_, high) = await asyncio.wait_for(taken(WebSocketsSansIOProtocol), 20)
    short, (_, low) = await asyncio.wait_for(taken(LiveProtocol), 20)
    assert high > low == UNSENT_BYTES
    assert short < 512 << 10
    assert short < usual / 4
