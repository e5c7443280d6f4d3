"""What a first version would do: every update a JSON message of its own, sent to every viewer.

`python broadcast_server.py websockets|picows`: prints the ports of viewers and of the feed as JSON. Each line that
comes in on the feed goes out as it is, so that the server spends nothing on decoding or encoding. Ends with its feed.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable

import uvloop

HOST = "127.0.0.1"


async def by_websockets() -> tuple[int, Callable[[str], None]]:
    """A port for viewers, and `websockets.broadcast` to them."""
    from websockets.asyncio.server import ServerConnection, broadcast, serve

    viewers: set[ServerConnection] = set()

    async def viewer(socket: ServerConnection) -> None:
        viewers.add(socket)
        await socket.wait_closed()
        viewers.discard(socket)

    server = await serve(viewer, HOST, 0, compression=None)
    return server.sockets[0].getsockname()[1], lambda line: broadcast(viewers, line)


async def by_picows() -> tuple[int, Callable[[str], None]]:
    """A port for viewers, and one `send` of picows to each of them."""
    from picows import WSListener, WSMsgType, WSTransport, ws_create_server

    viewers: set[WSTransport] = set()

    class Viewer(WSListener):
        def on_ws_connected(self, transport: WSTransport) -> None:
            viewers.add(transport)

        def on_ws_disconnected(self, transport: WSTransport) -> None:
            viewers.discard(transport)

    def send(line: str) -> None:
        text = line.encode()
        for viewer in viewers:
            viewer.send(WSMsgType.TEXT, text)

    server = await ws_create_server(lambda _request: Viewer(), HOST, 0)
    return server.sockets[0].getsockname()[1], send


async def main(kind: str) -> None:
    port, send = await {"websockets": by_websockets, "picows": by_picows}[kind]()
    fed = asyncio.Event()

    async def feed(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            send(line[:-1].decode())
        fed.set()

    feeding = await asyncio.start_server(feed, HOST, 0)
    sys.stdout.write(json.dumps({"viewers": port, "feed": feeding.sockets[0].getsockname()[1]}) + "\n")
    sys.stdout.flush()
    await fed.wait()
    await asyncio.to_thread(sys.stdin.read)  # let what is written leave


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
