"""An MQTT handshake: is there a broker that lets us in?"""

from __future__ import annotations

import asyncio
import struct

from twin.errors import Denied, Unavailable

REFUSED = {4: "bad user name or password", 5: "not authorised"}


async def handshake(host: str, port: int, user: str, password: str, *, timeout_s: float = 5.0) -> None:
    """Connect with MQTT 3.1.1, be accepted, disconnect. Raises Unavailable where nobody answers, Denied where refused."""
    try:
        async with asyncio.timeout(timeout_s):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(_connect(user, password))
                answer = await reader.readexactly(4)
                writer.write(b"\xe0\x00")  # DISCONNECT
                await writer.drain()
            finally:
                writer.close()
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
        raise Unavailable(f"No MQTT broker answers at {host}:{port}: {error!r}", code="broker-away") from error
    if answer[:2] != b"\x20\x02":
        raise Unavailable(f"{host}:{port} is no MQTT broker: it answered {answer!r}", code="broker-away")
    if answer[3] != 0:
        reason = REFUSED.get(answer[3], f"reason {answer[3]}")
        raise Denied(f"The broker at {host}:{port} refuses user {user!r}: {reason}", code="broker-denied")


def _connect(user: str, password: str) -> bytes:
    """A CONNECT packet, MQTT 3.1.1 section 3.1: protocol level 4; user, password and clean session flags."""
    fields = ["MQTT", f"parktwin-probe-{id(asyncio.current_task()):x}", user, password]
    texts = [struct.pack(">H", len(field.encode())) + field.encode() for field in fields]
    rest = texts[0] + b"\x04\xc2" + struct.pack(">H", 10) + b"".join(texts[1:])
    length, head = len(rest), bytearray(b"\x10")
    while True:
        length, digit = divmod(length, 128)
        head.append(digit | (0x80 if length else 0))
        if not length:
            return bytes(head) + rest
