import math
import random

import numpy as np
import pytest

from twin.connectors.payload import MAX_PAYLOAD, decode
from twin.connectors.payloads import MARK, decode_all
from twin.errors import Invalid

PLAIN = [b"1", b"-2.5", b"true", b"false", b" 7 ", b"1e3", b"18446744073709551615", b"123456789012345678901234567890"]
DATED = [b'{"v": 1.5, "t": 1700000000000}', b'{"t": 3, "v": null}', b'{"v": true, "t": -5}', b'{"v":2,"t":0}']
ODD = [
    b"", b"{", b"NaN", b"null", b'"21"', b"[1]", b"on", b"\xff", b'{"v": "21"}', b'{"t": 1}', b'{"v": 1, "t": 1e18}',
    b'{"v": 1, "t": 9007199254740993}', b'{"v": 1, "t": 2.5}', b'{"v": 1, "t": "x"}', b'{"v": 1, "q": 1}',
    b'{"v": 1, "q": 300}', b'{"v": 1, "q": 1, "t": 7, "sim": true}', b'{"v": 1, "x": 2}', b"1,2", b"[1", b"2]",
    b'{"v": 1', b'"', b'{"v": 1, "t": 5}}', b"%d" % MARK, b"1,%d,2" % MARK, b"[0,%d" % MARK, b"0]",
    b'{"v":1,"t":99999999999999999999}', b"1" * (MAX_PAYLOAD + 1),
]  # fmt: skip


def one_by_one(payloads):
    rows, failed = [], 0
    for payload in payloads:
        try:
            rows.append(tuple(decode(payload)))
        except Invalid:
            rows.append((math.nan, 0, 2, False))
            failed += 1
    return rows, failed


def check(payloads):
    found = decode_all(payloads)
    rows, failed = one_by_one(payloads)
    assert found.undecodable == failed
    columns = (found.values, found.times, found.quality, found.simulated)
    for column, expected, kind in zip(columns, zip(*rows, strict=True), "fiib", strict=True):
        np.testing.assert_array_equal(column, expected)
        assert column.dtype.kind == kind


@pytest.mark.parametrize("payloads", [PLAIN, DATED, PLAIN + DATED, [b'{"v": 1}'] * 3, [b"5"], [b"1,2"], [b"[3", b"4]"]])
def test_all_at_once_is_as_one_by_one(payloads):
    check(payloads)


def test_no_payload_reaches_into_its_neighbour():
    random_ = random.Random(5)
    for _ in range(3000):
        many = random_.choice([PLAIN + ODD, DATED + ODD, ODD])
        check([random_.choice(many if random_.random() < 0.5 else PLAIN) for _ in range(random_.randint(1, 6))])


def test_brackets_over_several_payloads_are_none():
    # 1,2 shifts the values; [3 … 4] hides one: together they would have the right number of items.
    found = decode_all([b"1,2,2", b"[3", b"77", b"4]"])
    assert found.undecodable == 3
    assert found.values[2] == 77.0
