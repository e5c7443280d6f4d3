"""Viewers of the live connection in a process of their own: `python -m tests.bench.viewers URL COOKIE COUNT SECONDS SLOW`.

Each takes binary frames and notes, for each, the time from the sender's clock of its newest value to the handler. SLOW viewers
more read one frame a second under a window of one. Prints a JSON object.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

import websockets

from twin.state.binary_frame import BinaryFrame

READY_S = 3.0


async def view(url: str, cookie: str, until: float, pause_s: float, delays: list[float], told: list[int]) -> None:
    """One viewer until a moment of `time.monotonic`."""
    async with websockets.connect(
        url,
        subprotocols=[websockets.Subprotocol("parktwin.binary")],
        additional_headers={"Cookie": cookie},
        max_size=None,
        compression=None,
    ) as socket:
        wish = {"type": "subscribe", "id": 1, "scope": {}, "max_rate_hz": 50, "window": 1 if pause_s else 4}
        await socket.send(json.dumps(wish))
        first = True
        while time.monotonic() < until:
            try:
                async with asyncio.timeout(until - time.monotonic()):
                    message = await socket.recv()
            except TimeoutError:
                return
            now = time.time() * 1000
            if isinstance(message, str):
                continue
            frame = BinaryFrame(message)
            if not first and len(frame.points):
                delays.append(now - float(frame.changed_at.max()))
                told[0] += len(frame.points)
            first = False
            if pause_s:
                await asyncio.sleep(pause_s)
            await socket.send('{"type":"ack","id":1}')


async def main(url: str, cookie: str, count: int, seconds: float, slow: int) -> None:
    until = time.monotonic() + READY_S + seconds
    quick, late, told = [], [], [0]
    await asyncio.gather(
        *(view(url, cookie, until, 0.0, quick, told) for _ in range(count)),
        *(view(url, cookie, until, 1.0, late, told) for _ in range(slow)),
    )
    sys.stdout.write(json.dumps({"delays": quick, "slow": late, "told": told[0]}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])))
