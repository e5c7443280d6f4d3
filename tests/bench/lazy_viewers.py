"""Viewers that read one message a second: `python -m tests.bench.lazy_viewers URL COUNT COOKIE`.

They set no window, so that only the network holds the server back, and answer pings where these stand in what they read.
When their input ends they read what is left as fast as it comes, until nothing came for a while. Prints a JSON object.
"""

from __future__ import annotations

import json
import selectors
import sys
import time

from tests.bench.raw_viewers import BINARY, SILENT_S, open_viewer
from twin.state.binary_frame import BinaryFrame

PAUSE_S = 1.0
PING, PONG, CLOSE = 9, 10, 8


class Lazy:
    """One viewer. held: the last value of each point; age_ms: of the newest value in each frame, when it was read."""

    def __init__(self, url: str, cookie: str) -> None:
        self.socket, self._came = open_viewer(url, cookie)
        self.socket.setblocking(True)
        self.held: dict[int, float] = {}
        self.age_ms: list[float] = []
        self.closed = False

    def read(self) -> bool:
        """Take one message, once it is whole; whether it was a frame."""
        code, payload = self._message()
        if code == PING:
            self.socket.sendall(bytes((0x80 | PONG, 0x80 | len(payload), 0, 0, 0, 0)) + payload)
        if code != BINARY:
            return False
        frame = BinaryFrame(payload)
        self.held.update(zip(frame.points.tolist(), frame.values.tolist(), strict=True))
        if frame.kind == "delta":
            self.age_ms.append(time.time() * 1000 - float(frame.changed_at.max()))
        return True

    def ready(self, wait_s: float) -> bool:
        """Whether something is to be read within a time."""
        if self._came or self.closed:
            return not self.closed
        with selectors.DefaultSelector() as choose:
            choose.register(self.socket, selectors.EVENT_READ)
            return bool(choose.select(wait_s))

    def _message(self) -> tuple[int, bytes]:
        """Opcode and payload of the next message; a server's has no mask."""
        size = self._take(2)
        code, length = size[0] & 0x0F, size[1]
        if length > 125:
            length = int.from_bytes(self._take(2 if length == 126 else 8), "big")
        payload = self._take(length)
        self.closed |= code == CLOSE
        return code, payload

    def _take(self, count: int) -> bytes:
        while len(self._came) < count:
            data = self.socket.recv(count - len(self._came))  # no more: the rest is to wait in the network
            if not data:
                self.closed = True
                return bytes((CLOSE, 0))
            self._came += data
        taken, self._came = self._came[:count], self._came[count:]
        return taken


def main(url: str, count: int, cookie: str) -> None:
    viewers = [Lazy(url, cookie) for _ in range(count)]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    with selectors.DefaultSelector() as choose:
        choose.register(sys.stdin.fileno(), selectors.EVENT_READ)
        while not choose.select(PAUSE_S):
            for viewer in viewers:
                while viewer.ready(0) and not viewer.read():
                    pass
    ages = [age for viewer in viewers for age in viewer.age_ms]
    last = time.monotonic()
    while time.monotonic() - last < SILENT_S:
        for viewer in viewers:
            if viewer.ready(0.01):
                viewer.read()
                last = time.monotonic()
    told = {
        "held": [sorted(viewer.held.items()) for viewer in viewers],
        "closed": sum(viewer.closed for viewer in viewers),
        "ages": ages,
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
