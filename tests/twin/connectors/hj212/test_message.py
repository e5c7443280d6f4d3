import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.connectors.hj212.message import Message, crc16, cut, frame, parse
from twin.connectors.hj212.values import epoch_ms, readings
from twin.connectors.listener import Fault, Frames
from twin.state.quality import BAD, GOOD, STALE

ZONE = dt.timezone(dt.timedelta(hours=8))
EXAMPLE = (
    b"##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;"
    b"CP=&&RtdInterval=30&&1C80\r\n"
)
HEAD = "QN=20260102030405000;ST=22;CN={cn};PW=123456;MN=M1;Flag={flag};CP=&&{cp}&&"


def message(cp, cn="2011", flag=5):
    return parse(HEAD.format(cp=cp, cn=cn, flag=flag).encode())


def fed(*chunks):
    frames = Frames(cut)
    return [item for chunk in chunks for item in frames.feed(chunk)]


def test_the_standards_example():
    (found,) = fed(EXAMPLE)
    assert found == Message(
        qn="20160801085857223",
        st="32",
        cn="1062",
        pw="100000",
        mn="010000A8900016F000169DC0",
        flag=5,
        cp="RtdInterval=30",
    )
    assert found.wants_answer
    assert frame(EXAMPLE[6:-6].decode()) == EXAMPLE


def test_frames_in_pieces_and_together():
    assert len(fed(EXAMPLE * 3)) == 3
    assert len(fed(*(bytes([byte]) for byte in EXAMPLE * 2))) == 2


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (EXAMPLE.replace(b"1C80", b"1C81"), "CRC '1C81'; expected 1C80"),
        (EXAMPLE.replace(b"=30", b"=31"), "CRC '1C80'"),
        (b"##x101", "length 'x101'"),
        (b"GET / HTTP/1.1\r\n", "no frame"),
        (frame("QN=1;MN=M1;CN=2011"), "has no CP"),
        (frame("MN=M1;CN=x;CP=&&&&"), "CN 'x'"),
        (frame("MN=M/1;CN=2011;CP=&&&&"), "MN 'M/1'"),
        (frame("MN=M1;CN=2011;Flag=x;CP=&&&&"), "Flag 'x'"),
    ],
)
def test_faults_are_told_and_the_next_frame_is_read(data, why):
    found = fed(data, EXAMPLE)
    assert isinstance(found[0], Fault)
    assert why in found[0].why
    assert isinstance(found[-1], Message)


def test_a_wrong_length_does_not_swallow_the_next_frames():
    found = fed(EXAMPLE.replace(b"##0101", b"##0999"), EXAMPLE * 12)
    assert sum(isinstance(item, Message) for item in found) == 12


@given(
    st.lists(st.one_of(st.binary(max_size=60), st.just(EXAMPLE), st.just(b"##9999"), st.just(b"##0000")), max_size=40)
)
def test_hostile_bytes_are_read_in_bounded_memory(chunks):
    frames = Frames(cut)
    for chunk in chunks:
        for item in frames.feed(chunk):
            assert isinstance(item, Message | Fault)
            if isinstance(item, Message):
                readings(item, ZONE)
        assert len(frames._buffer) <= 10_013


@given(st.text(max_size=200), st.sampled_from(["2011", "2021", "2051", "2061", "2031", "1013"]))
def test_any_content_is_read_or_left(cp, cn):
    found = parse(HEAD.format(cp=cp, cn=cn, flag=4).encode())
    if isinstance(found, Message):
        for reading in readings(found, ZONE):
            assert reading.address.startswith("M1/")
            assert math.isfinite(reading.value) or reading.quality == BAD


@given(st.binary(max_size=300))
def test_any_bytes_have_a_checksum(data):
    expected = 0xFFFF  # the algorithm word by word, as annex A has it
    for byte in data:
        expected = expected >> 8 ^ byte
        for _ in range(8):
            odd = expected & 1
            expected >>= 1
            if odd:
                expected ^= 0xA001
    assert crc16(data) == expected


def test_values_flags_and_time():
    cp = "DataTime=20260102030405;a34004-Rtd=35.5,a34004-Flag=N;a34002-Rtd=70,a34002-Flag=D;LA-Rtd=55.1;a01001-Rtd=-3,a01001-Flag=S"
    rows = {row.address: (row.value, row.quality, row.time) for row in readings(message(cp), ZONE)}
    time = epoch_ms("20260102030405", ZONE)
    assert time == 1767294245000
    assert rows == {
        "M1/a34004/Rtd": (35.5, GOOD, time),
        "M1/a34002/Rtd": (70, BAD, time),
        "M1/LA/Rtd": (55.1, GOOD, time),
        "M1/a01001/Rtd": (-3, STALE, time),
    }


@pytest.mark.parametrize(("cn", "head"), [("2051", "minute."), ("2061", "hour."), ("2031", "day.")])
def test_periods_have_addresses_of_their_own(cn, head):
    cp = "DataTime=20260102030000;w01018-Min=1,w01018-Avg=2,w01018-Max=3,w01018-Cou=4,w01018-Flag=N"
    rows = {row.address: row.value for row in readings(message(cp, cn), ZONE)}
    assert rows == {f"M1/w01018/{head}{name}": n for n, name in enumerate(("Min", "Avg", "Max", "Cou"), 1)}


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "1e999", "1.5x"])
def test_what_is_no_number_is_bad(text):
    (row,) = readings(message(f"DataTime=2026;a-Rtd={text}"), ZONE)
    assert math.isnan(row.value)
    assert (row.quality, row.time) == (BAD, 0)
