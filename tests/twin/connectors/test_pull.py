"""HTTP pull against a server on loopback: mapping by JSONPath, nothing asked twice, faults are told and passed."""

from __future__ import annotations

import base64
import math
import time

import pytest

from tests.support.http_site import Site, as_json
from tests.support.sinks import KeptRows, until
from twin.connectors.connector import State
from twin.connectors.pull import pull_from_settings
from twin.connectors.registry import make_connector
from twin.errors import Invalid
from twin.state.point import PointSpec

POINTS = [
    PointSpec("t", "g", source="http-pull:s1#temp"),
    PointSpec("h", "g", source="http-pull:s1#hum"),
    PointSpec("x", "g", source="http-pull:s2#temp"),
]
EACH = {
    "each": "$.sensors[*]",
    "address": "$.id",
    "values": {"temp": "$.t", "hum": "$.h"},
    "time": "$.at",
    "time_format": "s",
}


def pulling(site, sink, **settings):
    made = pull_from_settings("w", {"url": f"{site.url}/data", "interval_s": 0.1, **EACH, **settings}, POINTS, sink)
    made._first_pause_s = 0.01
    return made


async def told(connector, text):
    await until(lambda: text in connector.detail)


async def test_values_are_taken_and_what_has_not_changed_is_not():
    body = {"sensors": [{"id": "s1", "t": 21.5, "h": "47", "at": 1700000000}, {"id": "s2", "t": "off", "at": "then"},
                        {"id": "s3", "t": 1}]}  # fmt: skip

    def answer(_path, headers):
        return (304, {}, b"") if headers.get("If-None-Match") == '"a"' else as_json(body, {"ETag": '"a"'})

    with Site(answer) as site:
        connector = pulling(site, sink := KeptRows())
        await connector.start()
        rows = await sink.until(3)
        await until(lambda: len(site.asked) >= 4)
        assert rows[:2] == [(0, 21.5, 1700000000000, 0, False), (1, 47.0, 1700000000000, 0, False)]
        assert math.isnan(rows[2][1])
        assert rows[2][3] == 2
        assert len(rows) == 3
        assert [row["address"] for row in connector.candidates()] == ["s3#temp"]
        connector.bind([PointSpec("n", "g", source="http-pull:s3#temp")])
        assert (await sink.until(4))[3][:2] == (0, 1.0)  # asked for anew, though it has not changed
        await connector.stop()


async def test_faults_are_told_and_it_comes_back():
    answers = [
        (500, {}, b""),
        (200, {}, b"<html>"),
        (302, {"Location": "http://127.0.0.1:1/"}, b""),
        (200, {}, b"[" + b" " * 3000 + b"]"),
    ]
    says = ["answers 500", "answers no JSON", "answers 302", "sends more than 2,048 bytes"]
    current = [answers[0]]
    with Site(lambda *_: current[0]) as site:
        connector = pulling(site, sink := KeptRows(), max_bytes=2048)
        await connector.start()
        for current[0], text in zip(answers, says, strict=True):
            await told(connector, text)
            assert connector.state is State.FAILED
        current[0] = as_json({"sensors": [{"id": "s1", "t": 1}]})
        await sink.until(1)
        await connector.wait_for(State.CONNECTED)
        await connector.stop()


async def test_a_server_that_does_not_answer_in_time_is_told():
    with Site(lambda *_: (time.sleep(0.5), as_json({}))[1]) as site:
        connector = pulling(site, KeptRows(), timeout_s=0.1)
        await connector.start()
        await told(connector, "does not answer")
        await connector.stop()


@pytest.mark.parametrize(
    ("settings", "header"),
    [
        ({"user": "u", "password": "p"}, "Basic " + base64.b64encode(b"u:p").decode()),
        ({"token": "abc"}, "Bearer abc"),
        ({"headers": {"Authorization": "Key 7"}}, "Key 7"),
    ],
)
async def test_it_says_who_it_is(settings, header):
    with Site(lambda *_: as_json({"sensors": [{"id": "s1", "t": 1}]})) as site:
        connector = pulling(site, sink := KeptRows(), **settings)
        await connector.start()
        await sink.until(1)
        await connector.stop()
        assert site.asked[0][1]["Authorization"] == header


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"url": "ftp://x", "value": "$.a"}, "expected http(s)://host/path"),
        ({"url": "http://a:secret@x/", "value": "$.a"}, "http://x/"),
        ({"url": "http://x", "value": "$.a", "values": {"b": "$.b"}}, "either value or values"),
        ({"url": "http://x"}, "either value or values"),
        ({"url": "http://x", "value": "$..["}, "is no JSONPath"),
        ({"url": "http://x", "value": "$.a", "token": "t", "user": "u"}, "not both"),
        ({"url": "http://x", "value": "$.a", "interval_s": 0}, "interval_s is 0"),
        ({"url": "http://x", "value": "$.a", "headers": {"X": "a\nb"}}, "a text of one line"),
        ({"url": "http://x", "value": "$.a", "every": 1}, "'every' is unknown"),
    ],
)
def test_wrong_settings_are_named(settings, says):
    with pytest.raises(Invalid) as caught:
        make_connector({"kind": "http-pull", "name": "w", **settings}, POINTS, None)
    assert says in str(caught.value)
    assert "secret" not in str(caught.value)
