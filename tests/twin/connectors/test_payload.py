import math

import pytest

from twin.connectors.payload import decode
from twin.errors import Invalid


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b"21.5", (21.5, 0, 0, False)),
        (b"7", (7.0, 0, 0, False)),
        (b"true", (1.0, 0, 0, False)),
        (b'{"v": false}', (0.0, 0, 0, False)),
        (b'{"v": 21.5, "t": 1700000000000, "q": 1, "sim": true}', (21.5, 1700000000000, 1, True)),
        (b'{"v": 1, "t": 1700000000000.7, "unit": "K"}', (1.0, 1700000000000, 0, False)),
        (b'{"v": 1, "sim": "yes"}', (1.0, 0, 0, False)),
    ],
)
def test_payloads(payload, expected):
    assert decode(payload) == expected


def test_null_is_no_number():
    assert math.isnan(decode(b'{"v": null, "t": 5}').value)


@pytest.mark.parametrize(
    "payload",
    [
        b"", b"on", b"NaN", b'"21.5"', b"[1]", b"{}", b'{"v": "21"}', b'{"v": [1]}', b'{"v": 1, "t": "now"}',
        b'{"v": 1, "t": 1e300}', b'{"v": 1, "q": 1.5}', b'{"v": 1, "q": -1}', b'{"v": 1, "q": 999}', b"\xff\xfe",
        b" " * 70_000 + b"1",
    ],
)  # fmt: skip
def test_unusable_payloads_are_refused(payload):
    with pytest.raises(Invalid):
        decode(payload)
