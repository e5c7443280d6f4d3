"""An MQTT handshake: is there a broker that lets us in?"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from twin.connectors.mqtt_client import packet
from twin.connectors.mqtt_client.reasons import reason_text
from twin.errors import Denied, Unavailable


async def handshake(host: str, port: int, user: str, password: str, *, timeout_s: float = 5.0) -> None:
    """Connect with MQTT 3.1.1, be accepted, disconnect. Raises Unavailable where nobody answers, Denied where refused."""
    try:
        async with asyncio.timeout(timeout_s):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                ident = f"parktwin-probe-{id(asyncio.current_task()):x}"
                hello = packet.connect(ident, five=False, keepalive_s=10, clean=True, user=user, password=password)
                writer.write(hello)
                answer = await reader.readexactly(4)
                with suppress(ConnectionError):  # a broker that refuses, or is about to end, hangs up first
                    writer.write(packet.GOODBYE)
                    await writer.drain()
            finally:
                writer.close()
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
        raise Unavailable(f"No MQTT broker answers at {host}:{port}: {error!r}", code="broker-away") from error
    if answer[:2] != b"\x20\x02":
        raise Unavailable(f"{host}:{port} is no MQTT broker: it answered {answer!r}", code="broker-away")
    if answer[3] != 0:
        reason = reason_text(answer[3], five=False, connack=True)
        raise Denied(f"The broker at {host}:{port} refuses user {user!r}: {reason}", code="broker-denied")
