"""Devices for the MQTT races: `python mqtt_publisher.py HOST PORT USER PASSWORD COUNT TOPICS [RATE [TOPIC]]`, QoS 1, then ends.

Packets are made beforehand and sent many at a time, so that the sender is not what is measured. At most `WINDOW` wait
for the broker's acknowledgement. RATE: readings per second, as fast as the broker takes them where it is 0. TOPIC: with a place for
the topic's number, as `park/{}/temperature`.
"""

import socket
import struct
import sys
import time

WINDOW = 4_000
CHUNK = 200

host, port, user, password, count, topics, *more = sys.argv[1:]
count, topics, rate = int(count), int(topics), float(more[0]) if more else 0.0
topic = more[1] if len(more) > 1 else "park/{}/temperature"


def text(given: str) -> bytes:
    """A text with its length."""
    return struct.pack(">H", len(given)) + given.encode()


def reading(number: int) -> bytes:
    """A PUBLISH of QoS 1 of less than 128 bytes."""
    body = text(topic.format(number % topics)) + struct.pack(">H", number % 65_535 + 1)
    body += f'{{"v": {number % 300 / 10}, "t": {1_700_000_000_000 + number}}}'.encode()
    return bytes((0x32, len(body))) + body


hello = text("MQTT") + b"\x04\xc2" + struct.pack(">H", 0) + text("bench-device") + text(user) + text(password)
chunks = [b"".join(map(reading, range(at, min(at + CHUNK, count)))) for at in range(0, count, CHUNK)]
with socket.create_connection((host, int(port)), timeout=60) as link:
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    link.sendall(bytes((0x10, len(hello))) + hello)
    if link.recv(4) != b"\x20\x02\x00\x00":
        sys.exit("the broker did not let the publisher in")
    sent = acknowledged = 0  # bytes of PUBACK, four a message
    began = time.monotonic()
    for chunk in chunks:
        if rate and (early := began + sent / rate - time.monotonic()) > 0:
            time.sleep(early)
        link.sendall(chunk)
        sent += CHUNK
        while acknowledged < 4 * (sent - WINDOW):
            acknowledged += len(link.recv(65_536))
    while acknowledged < 4 * count:
        got = link.recv(65_536)
        if not got:
            sys.exit(f"the broker acknowledged {acknowledged // 4} of {count} readings and closed the connection")
        acknowledged += len(got)
    link.sendall(b"\xe0\x00")
