import random

import pytest

from twin.connectors.mqtt_client import packet
from twin.connectors.mqtt_client.stream import ALIASES, MAX_PACKET, Batch, Stream
from twin.connectors.mqtt_client.wire import Malformed, varint

BIG = random.Random(3).randbytes(1 << 20)


def with_properties(topic, payload, properties, qos=1, ident=7):
    number = ident.to_bytes(2, "big") if qos else b""
    body = len(topic).to_bytes(2, "big") + topic + number + varint(len(properties)) + properties + payload
    return bytes((0x30 | qos << 1,)) + varint(len(body)) + body


def alias(number):
    return b"\x23" + number.to_bytes(2, "big")


def mixture(five):
    """Packets of all kinds, and what they are read as."""
    sent = [
        packet.publish("park/a", b"1.5", 1, 258, five=five),
        packet.answer(packet.PUBACK, 3),
        packet.publish("park/b", b"", 0, 0, five=five),
        packet.PING,
        packet.publish("園區/溫度", b"x" * 200, 1, 65_535, five=five),
        packet.publish("twice", b"2", 2, 9, five=five),
        packet.publish("park/c", b"y" * 20_000, 1, 1, five=five),
    ]
    rows = [(b"park/a", b"1.5"), (b"park/b", b""), ("園區/溫度".encode(), b"x" * 200), (b"park/c", b"y" * 20_000)]
    others = [(0x40, b"\0\x03"), (0xC0, b""), (0x34, b"\0\x09\0\x05twice2")]
    return b"".join(sent), rows, others, [b"\x01\x02", b"\xff\xff", b"\0\x01"]


def read(chunks, five):
    stream, batch, others = Stream(five=five), Batch(), []
    for chunk in chunks:
        others += stream.feed(chunk, batch)
    return list(zip(batch.topics, batch.payloads, strict=True)), others, batch.idents


@pytest.mark.parametrize("five", [False, True])
def test_packets_are_read_wherever_they_are_split(five):
    data, *expected = mixture(five)
    assert read([data], five) == tuple(expected)
    for at in [*range(400), *range(len(data) - 50, len(data))]:
        assert read([data[:at], data[at:]], five) == tuple(expected)
    assert read([data[at : at + 1] for at in range(len(data))], five) == tuple(expected)


@pytest.mark.parametrize("chunk", [1000, 65_536, 262_144, 1 << 21])
def test_a_message_of_a_megabyte(chunk):
    data = packet.publish("a", BIG, 1, 1, five=False) + packet.publish("b", b"1", 1, 2, five=False)
    rows, others, idents = read([data[at : at + chunk] for at in range(0, len(data), chunk)], five=False)
    assert rows == [(b"a", BIG), (b"b", b"1")]
    assert (others, len(idents)) == ([], 2)


@pytest.mark.parametrize("five", [False, True])
def test_a_message_that_is_too_long_is_shortened_and_the_next_one_read(five, monkeypatch):
    monkeypatch.setattr("twin.connectors.mqtt_client.stream.MAX_PACKET", 100_000)
    data = packet.publish("a", BIG, 1, 1, five=five) + packet.publish("b", b"1", 1, 2, five=five)
    for chunk in (999, 65_536, 1 << 21):
        rows, _, idents = read([data[at : at + chunk] for at in range(0, len(data), chunk)], five)
        (topic, payload), second = rows
        assert topic == b"a"
        assert payload == BIG[: len(payload)]
        assert 99_000 < len(payload) < 100_000
        assert (second, idents) == ((b"b", b"1"), [b"\0\x01", b"\0\x02"])  # both are acknowledged
    assert MAX_PACKET > 1 << 20


def test_topic_aliases_and_other_properties():
    data = (
        with_properties(b"park/a", b"1", alias(5))
        + with_properties(b"", b"2", alias(5) + b"\x02\0\0\0\x3c\x26\0\x01k\0\x01v")
        + with_properties(b"park/b", b"3", alias(5), qos=0)
        + with_properties(b"", b"4", b"\x0b\x80\x01" + alias(5), qos=2)
    )
    rows, others, _ = read([data], five=True)
    assert rows == [(b"park/a", b"1"), (b"park/a", b"2"), (b"park/b", b"3")]
    assert others == [(0x34, b"\0\x07\0\x06park/b4")]


@pytest.mark.parametrize(
    ("data", "five", "says"),
    [
        (b"\x36\x05\0\x01a\0\x01", False, "QoS 3"),
        (b"\x32\x00", False, "is no PUBLISH"),
        (b"\x32\x01\x00", False, "is no PUBLISH"),
        (b"\x32\x04\x00\x09ab", False, "is no PUBLISH"),
        (b"\x32\x05\0\x01a\0\0", False, "packet number 0"),
        (b"\x30\x02\0\0", False, "without a topic"),
        (b"\x30\x03\0\x01a", True, "cut off"),
        (b"\x30\x05\0\x01a\x09\0", True, "Properties of 9 bytes"),
        (b"\x30\x06\0\x01a\x02\x7f\0", True, "Property 0x7f is unknown"),
        (with_properties(b"", b"", alias(1)), True, "topic alias that was told"),
        (with_properties(b"a", b"", alias(0)), True, "Topic alias 0"),
        (with_properties(b"a", b"", alias(ALIASES + 1)), True, f"expected 1 to {ALIASES}"),
        (b"\x32\xff\xff\xff\xff\x01", False, "more than four bytes"),
        (b"\x40\xff\xff\xff\x7f", False, "type 4 with 268435455 bytes"),
    ],
)
def test_what_is_no_mqtt_is_told(data, five, says):
    for chunks in ([data], [data[:3], data[3:]]):
        with pytest.raises(Malformed, match=says):
            read([packet.publish("a", b"1", 1, 1, five=five), *chunks], five)


@pytest.mark.parametrize("five", [False, True])
def test_no_bytes_make_it_fail_otherwise(five):
    random_ = random.Random(11)
    data = bytearray(mixture(five)[0][:600])
    for _ in range(3000):
        spoilt = bytearray(data)
        for _ in range(random_.randint(1, 4)):
            spoilt[random_.randrange(len(spoilt))] = random_.randrange(256)
        at = random_.randrange(len(spoilt))
        try:
            rows, _, _ = read([bytes(spoilt[:at]), bytes(spoilt[at:])], five)
        except Malformed:
            continue
        assert all(topic for topic, _ in rows)
