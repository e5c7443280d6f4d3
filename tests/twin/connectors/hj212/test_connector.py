"""Driven by devices over TCP."""

import asyncio
import contextlib
import ssl

import pytest

from tests.support.certificate import self_signed
from tests.support.kept import Kept, settled
from twin.connectors.certificates import server_context
from twin.connectors.connector import State
from twin.connectors.hj212.connector import Hj212Connector
from twin.connectors.hj212.message import Message, cut, frame
from twin.connectors.listener import MAX_FAULTS, Listening
from twin.connectors.registry import make_connector
from twin.connectors.setting_reader import SettingReader
from twin.errors import Invalid, Unavailable
from twin.state.point import PointSpec
from twin.state.quality import BAD

POINTS = [
    PointSpec("p0", "g", source="hj212:M1/a34004/Rtd"),
    PointSpec("p1", "g", source="hj212:M1/a34004/hour.Avg"),
    PointSpec("p2", "g", source="hj212:M2/LA/Rtd"),
]


@contextlib.asynccontextmanager
async def listening(sink, **settings):
    where = {name: settings.pop(name) for name in ("max_devices", "idle_s", "tls") if name in settings}
    settings = {"passwords": {"M1": "one", "M2": "two"}, "pauses_s": (0.01, 0.05)} | settings
    before = asyncio.all_tasks()
    connector = Hj212Connector("air", POINTS, sink, Listening("127.0.0.1", **where), **settings)
    await connector.start()
    async with asyncio.timeout(20):
        await connector.wait_for(State.CONNECTED)
    yield connector
    await connector.stop()
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


@contextlib.asynccontextmanager
async def device(connector, tls=None):
    reader, writer = await asyncio.open_connection("127.0.0.1", connector.port, ssl=tls)
    yield reader, writer
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


def upload(cp="DataTime=20260102030405;a34004-Rtd=35.5,a34004-Flag=N", mn="M1", pw="one", cn="2011", flag=5):
    return frame(f"QN=20260102030405000;ST=22;CN={cn};PW={pw};MN={mn};Flag={flag};CP=&&{cp}&&")


async def answered(reader):
    async with asyncio.timeout(20):
        _, message = cut(bytearray(await reader.readuntil(b"\r\n")))
    assert isinstance(message, Message)
    return message


async def test_values_arrive_and_are_answered():
    async with listening(sink := Kept()) as connector, device(connector) as (reader, writer):
        writer.write(upload() + upload("DataTime=20260102030000;a34004-Avg=30,a34004-Flag=D", cn="2061"))
        answers = [await answered(reader), await answered(reader)]
        assert [(a.cn, a.qn, a.st, a.mn, a.flag) for a in answers] == [("9014", "20260102030405000", "91", "M1", 4)] * 2
        assert [row[:2] for row in sink.rows] == [(0, 35.5), (1, 30)]
        assert sink.last(1).quality == BAD
        assert "1 devices" in connector.detail


async def test_no_answer_before_the_commit():
    gate = asyncio.Event()
    async with listening(sink := Kept(gate=gate)) as connector, device(connector) as (reader, writer):
        writer.write(upload())
        await sink.until(lambda: sink.rows)
        waiting = asyncio.create_task(reader.read(1))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        assert connector.counters.acknowledged == 0
        gate.set()
        async with asyncio.timeout(20):
            assert await waiting == b"#"
        assert connector.counters.acknowledged == 1


async def test_no_answer_where_the_values_are_not_kept():
    async with listening(sink := Kept(error=Unavailable("the disk is full"))) as connector:
        async with device(connector) as (reader, writer):
            writer.write(upload())
            await settled(connector, lambda: "not kept: the disk is full" in connector.detail)
            sink.error = None
            writer.write(upload(cn="9021", cp=""))
            assert (await answered(reader)).cn == "9014"  # the first answer is that to the second message
            assert reader._buffer == b""
        assert connector.counters.acknowledged == 0


async def test_an_answer_only_where_it_is_asked_for():
    async with listening(sink := Kept()) as connector, device(connector) as (reader, writer):
        writer.write(upload(flag=4) + upload(cn="9014", cp="") + upload(cn="1013", cp="PolId=a34004"))
        assert (await answered(reader)).cn == "9013"
        assert len(sink.rows) == 1


@pytest.mark.parametrize(("mn", "pw"), [("M1", "two"), ("M9", "one"), ("M1", "")])
async def test_a_device_without_its_password_is_refused(mn, pw):
    async with listening(sink := Kept()) as connector, device(connector) as (reader, writer):
        writer.write(upload(mn=mn, pw=pw) + upload())
        await answered(reader)
        assert len(sink.rows) == 1
        assert f"MN {mn} is refused" in connector.detail
        assert connector.counters.undecodable == 1


async def test_passwords_cannot_be_guessed_at_length():
    async with listening(sink := Kept()) as connector, device(connector) as (reader, writer):
        for guess in range(MAX_FAULTS):
            writer.write(upload(pw=str(guess)))
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(20):
                assert await reader.read() == b""
        assert sink.rows == []


async def test_one_password_for_all():
    async with listening(sink := Kept(), passwords={}, password="all") as connector:
        async with device(connector) as (reader, writer):
            writer.write(upload(pw="all"))
            await answered(reader)
        assert len(sink.rows) == 1


async def test_unknown_codes_are_candidates():
    async with listening(Kept()) as connector, device(connector) as (reader, writer):
        writer.write(upload("DataTime=20260102030405;a05024-Rtd=88,a05024-Flag=N"))
        await answered(reader)
        assert [(row["address"], row["sample"]) for row in connector.candidates()] == [("M1/a05024/Rtd", "88")]


async def test_a_bad_checksum_is_counted_told_and_not_answered():
    async with listening(sink := Kept()) as connector, device(connector) as (reader, writer):
        writer.write(upload().replace(b"35.5", b"36.5") + upload())
        await answered(reader)
        assert [row.value for row in sink.rows] == [35.5]
        assert connector.counters.undecodable == 1
        assert "last fault: 127.0.0.1" in connector.detail
        assert "CRC" in connector.detail


async def test_rubbish_is_cut_off_and_others_go_on():
    async with listening(sink := Kept()) as connector, device(connector) as (reader, writer):
        async with device(connector) as (hostile, sender):
            sender.write(b"##xxxx" * 50_000)
            with contextlib.suppress(ConnectionError):
                async with asyncio.timeout(20):
                    assert await hostile.read() == b""
        writer.write(upload())
        await answered(reader)
        assert len(sink.rows) == 1


async def test_no_more_devices_than_allowed():
    async with listening(Kept(), max_devices=1) as connector, device(connector) as (reader, writer):
        writer.write(upload())
        await answered(reader)
        async with device(connector) as (second, _):
            with contextlib.suppress(ConnectionError):
                async with asyncio.timeout(20):
                    assert await second.read() == b""
        assert "refused, as 1 devices" in connector.detail


async def test_a_silent_device_is_let_go():
    async with listening(Kept(), idle_s=0.05) as connector, device(connector) as (reader, _):
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(20):
                assert await reader.read() == b""
        await settled(connector, lambda: "0 devices" in connector.detail)


async def test_a_taken_port_is_told_and_tried_again():
    async with listening(Kept()) as first:
        second = Hj212Connector(
            "other", POINTS, Kept(), Listening("127.0.0.1", first.port), passwords={}, pauses_s=(0.01, 0.05)
        )
        await second.start()
        async with asyncio.timeout(20):
            await second.wait_for(State.FAILED)
            assert "address already in use" in second.detail
            await first.stop()
            await second.wait_for(State.CONNECTED)
        await second.stop()


async def test_devices_come_back_after_our_restart():
    async with listening(sink := Kept()) as connector:
        port = connector.port
        async with device(connector) as (reader, _):
            await connector.stop()
            with contextlib.suppress(ConnectionError):
                async with asyncio.timeout(20):
                    assert await reader.read() == b""
        await connector.start()
        async with asyncio.timeout(20):
            await connector.wait_for(State.CONNECTED)
        assert connector.port == port
        async with device(connector) as (reader, writer):
            writer.write(upload())
            await answered(reader)
        assert len(sink.rows) == 1


async def test_over_tls_only_devices_of_the_authority_are_let_in(tmp_path):
    ours, theirs = self_signed(tmp_path, "ours"), self_signed(tmp_path, "theirs")
    files = {"certificate": "ours.pem", "key": "ours.key", "client_ca": "theirs.pem"}
    context = ssl.create_default_context(cafile=str(ours[0]))
    async with listening(sink := Kept(), tls=server_context(SettingReader("air", files), tmp_path)) as connector:
        with contextlib.suppress(OSError):
            async with device(connector, context) as (reader, writer):
                writer.write(upload())
                assert await reader.read() == b""
        assert sink.rows == []
        context.load_cert_chain(*theirs)
        async with device(connector, context) as (reader, writer):
            writer.write(upload())
            assert (await answered(reader)).cn == "9014"


async def test_a_stop_ends_devices_that_wait_for_their_commit():
    async with listening(sink := Kept(gate=asyncio.Event())) as connector, device(connector) as (reader, writer):
        writer.write(upload())
        await sink.until(lambda: sink.rows)
        await connector.stop()
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(20):
                assert await reader.read() == b""
        assert (connector.counters.acknowledged, connector.counters.dropped) == (0, 1)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"port": 9000}, "expected a table of MN = password"),
        ({"port": 9000, "passwords": {"M1": 5}}, "passwords.M1 is '…'; expected a text"),
        ({"password": "x"}, "port is missing"),
        ({"password": "x", "port": 9000, "timezone": "Mars"}, "timezone is 'Mars'"),
        ({"password": "x", "port": 9000, "max_devices": 0}, "max_devices is 0"),
        ({"password": "x", "port": 9000, "key": "k.pem"}, "certificate is ''"),
        ({"password": "x", "port": 9000, "certificate": "none.pem"}, "certificate is 'none.pem'"),
        ({"password": "x", "port": 9000, "mn": "M1"}, "'mn' is unknown"),
    ],
)
def test_wrong_settings_are_named(settings, says):
    with pytest.raises(Invalid) as caught:
        make_connector({"kind": "hj212", "name": "air", **settings}, [], None)
    assert says in str(caught.value)
