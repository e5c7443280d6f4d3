import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fire_frames import TIME, made
from twin.connectors.gbt26875.frame import CONFIRM, MAX_DATA, SEND, Frame, cut
from twin.connectors.gbt26875.units import epoch_ms, observed, six_bytes
from twin.connectors.listener import Fault, Frames

ZONE = dt.timezone(dt.timedelta(hours=8))
HEX = (  # written by hand: serial 1, version 1.2, from 0000000000a1 to 0000000000ff, type 1: system 1, address 2, fire
    "4040 0100 0102 05040302011a a10000000000 ff0000000000 0c00 02 01 01 01 02 03 00 05040302011a 0c 2323"
)


def fed(*chunks):
    frames = Frames(cut)
    return [item for chunk in chunks for item in frames.feed(chunk)]


def test_a_frame_written_by_hand():
    raw = bytes.fromhex(HEX)
    (found,) = fed(raw)
    assert (found.serial, found.version, found.command) == (b"\x01\x00", b"\x01\x02", SEND)
    assert (found.source, found.destination) == ("0000000000a1", "0000000000ff")
    (item,) = observed(found.data)
    assert item.place == "1/2/system"
    assert (item.values["state"], item.values["fire"], item.values["normal"], item.values["fault"]) == (3, 1, 1, 0)
    assert found.encode() == raw


@given(st.binary(max_size=200), st.integers(0, 255), st.integers(0, 65535))
def test_what_is_sent_is_read(data, command, serial):
    frame = made(data, command, serial)
    raw = frame.encode()
    assert len(raw) == 30 + len(data)
    assert fed(raw, raw[:7], raw[7:]) == [frame, frame]
    answer = frame.answer(CONFIRM, TIME)
    assert (answer.source, answer.destination, answer.serial) == (frame.destination, frame.source, frame.serial)


def test_faults_are_told_and_the_next_frame_is_read():
    good = made(b"").encode()
    long = bytearray(good)
    long[24:26] = (MAX_DATA + 1).to_bytes(2, "little")
    swollen = bytearray(good)
    swollen[24:26] = (40).to_bytes(2, "little")
    for broken, why in (
        (good[:-3] + bytes([good[-3] ^ 1]) + good[-2:], "checksum"),
        (good[:-2] + b"#!", "expected"),
        (bytes(long), "length 1025"),
        (bytes(swollen), "checksum"),
        (b"GET / HTTP/1.1", "no frame"),
    ):
        found = fed(broken, good * 3)
        assert isinstance(found[0], Fault)
        assert why in found[0].why
        assert sum(isinstance(item, Frame) for item in found) >= 2, why


@given(st.lists(st.one_of(st.binary(max_size=80), st.just(b"@@"), st.just(made(b"\x02\x01").encode())), max_size=40))
def test_hostile_bytes_are_read_in_bounded_memory(chunks):
    frames = Frames(cut)
    for chunk in chunks:
        for item in frames.feed(chunk):
            assert isinstance(item, Frame | Fault)
            if isinstance(item, Frame):
                observed(item.data)
        assert len(frames._buffer) < 30 + MAX_DATA


@given(st.binary(max_size=300))
def test_any_data_unit_is_read_or_refused(data):
    found = observed(data)
    assert found is None or isinstance(found, Fault | list)
    if isinstance(found, list):
        assert all(item.fallback in item.values and epoch_ms(item.time, ZONE) >= 0 for item in found)


@pytest.mark.parametrize(
    ("unit", "place", "some"),
    [
        (bytes([1, 1, 1, 2, 0b110, 0x08]) + TIME, "1/2/system", {"fire": 1, "fault": 1, "manual": 1, "normal": 0}),
        (
            bytes([2, 1, 1, 2, 40, 9, 1, 0, 0, 0b11, 1]) + "二层走廊".encode("gb18030").ljust(31, b"\0") + TIME,
            "1/2/265",
            {"fire": 1, "normal": 1, "power-fault": 1, "state": 0x103},
        ),
        (bytes([3, 1, 1, 2, 40, 9, 0, 0, 0, 3, 0x9C, 0xFF]) + TIME, "1/2/9", {"value": -10, "value-3": -10}),
        (bytes([3, 1, 1, 2, 40, 9, 0, 0, 0, 2, 0xF4, 0x01]) + TIME, "1/2/9", {"value": 5, "value-2": 5}),
        (bytes([4, 1, 1, 2, 0b1, 7]) + TIME, "1/2/operation", {"reset": 1, "silence": 0}),
        (bytes([21, 1, 0b100001]) + TIME, "device", {"normal": 1, "uplink-fault": 1, "fire": 0}),
        (bytes([24, 1, 0b10, 7]) + TIME, "device/operation", {"silence": 1}),
    ],
)
def test_data_units(unit, place, some):
    (item,) = observed(unit)
    assert item.place == place
    assert {name: item.values[name] for name in some} == pytest.approx(some)
    assert epoch_ms(item.time, ZONE) == 1767294245000
    assert six_bytes(1767294245000, ZONE) == TIME
    if place == "1/2/265":
        assert item.text == "type 40 二层走廊"


def test_several_objects_and_wrong_sizes():
    one = bytes([1, 2, 3, 0]) + TIME
    assert len(observed(bytes([1, 3]) + one * 3)) == 3
    assert isinstance(observed(bytes([1, 3]) + one * 2), Fault)
    assert observed(b"") is None
    assert observed(bytes([130, 1, 5])) is None
    assert epoch_ms(bytes(6), ZONE) == 0
