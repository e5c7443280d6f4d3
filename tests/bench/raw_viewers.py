"""Viewers that cost as little as can be: `python -m tests.bench.raw_viewers URL COUNT [COOKIE]`.

Blocking handshakes, then one `recv` for what has come; nothing is parsed while the race runs. Says "ready", reads until
its input ends and nothing came for a while, and prints what all viewers hold in the end as a JSON object.
"""

from __future__ import annotations

import base64
import json
import os
import selectors
import socket
import struct
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from twin.state.binary_frame import BinaryFrame

SILENT_S = 1.5
TEXT, BINARY = 1, 2
CHUNK = 1 << 18


def open_viewer(url: str, cookie: str) -> tuple[socket.socket, bytes]:
    """A connected viewer and what came behind the handshake. With a cookie it follows a park, in binary frames."""
    place = urlsplit(url)
    viewer = socket.create_connection((place.hostname or "", place.port or 80))
    head = [
        f"GET {place.path or '/'} HTTP/1.1",
        f"Host: {place.netloc}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        "Sec-WebSocket-Version: 13",
        *([f"Cookie: {cookie}", "Sec-WebSocket-Protocol: parktwin.binary"] if cookie else []),
    ]
    viewer.sendall("\r\n".join([*head, "", ""]).encode())
    came = b""
    while b"\r\n\r\n" not in came:
        more = viewer.recv(CHUNK)
        if not more:
            raise ConnectionError(f"{url} closed in the handshake: {came!r}")
        came += more
    answer, _, rest = came.partition(b"\r\n\r\n")
    if b" 101 " not in answer.split(b"\r\n")[0]:
        raise ConnectionError(f"{url} answered {answer!r}")
    if cookie:
        wish = json.dumps({"type": "subscribe", "id": 1, "scope": {}, "max_rate_hz": 5}).encode()
        viewer.sendall(bytes((0x80 | TEXT, 0x80 | len(wish), 0, 0, 0, 0)) + wish)  # masked with zeros
    viewer.setblocking(False)
    return viewer, rest


def messages(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """Opcode and payload of each whole, unfragmented message of a server."""
    at = 0
    while at + 2 <= len(stream):
        code, size = stream[at] & 0x0F, stream[at + 1]
        at += 2
        if size == 126:
            (size,) = struct.unpack_from(">H", stream, at)
            at += 2
        elif size == 127:
            (size,) = struct.unpack_from(">Q", stream, at)
            at += 8
        yield code, stream[at : at + size]
        at += size


def picture(stream: bytes) -> tuple[dict[int, float], int]:
    """The last value of each point, and how many updates were told after the snapshot."""
    held: dict[int, float] = {}
    told = 0
    for code, payload in messages(stream):
        if code == TEXT and payload.startswith(b'{"p"'):
            update = json.loads(payload)
            held[update["p"]] = update["v"]
            told += 1
        elif code == BINARY:
            frame = BinaryFrame(payload)
            held.update(zip(frame.points.tolist(), frame.values.tolist(), strict=True))
            told += len(frame.points) if frame.kind == "delta" else 0
    return held, told


def main(url: str, count: int, cookie: str) -> None:
    opened = [open_viewer(url, cookie) for _ in range(count)]
    streams = {viewer: [rest] for viewer, rest in opened}
    choose = selectors.DefaultSelector()
    for viewer in streams:
        choose.register(viewer, selectors.EVENT_READ)
    choose.register(sys.stdin.fileno(), selectors.EVENT_READ)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    ending, last = False, time.monotonic()
    while not ending or time.monotonic() - last < SILENT_S:
        for key, _ in choose.select(SILENT_S):
            if isinstance(key.fileobj, int):
                ending = True
                choose.unregister(key.fileobj)
                last = time.monotonic()
            elif data := key.fileobj.recv(CHUNK):
                streams[key.fileobj].append(data)
                last = time.monotonic()
            else:
                raise ConnectionError(f"{url} ended the connection of a viewer")
    found = [picture(b"".join(parts)) for parts in streams.values()]
    sys.stdout.write(
        json.dumps(
            {
                "held": sorted(found[0][0].items()),
                "alike": all(held == found[0][0] for held, _ in found),
                "told": sum(told for _, told in found),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "")
