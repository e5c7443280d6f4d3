import numpy as np
import pytest

from twin.clock import ManualClock
from twin.errors import Invalid
from twin.state.binary_frame import HEAD_BYTES, POINT_BYTES, BinaryFrame, body, message
from twin.state.hub import Hub
from twin.state.point import PointSpec


def frame(count=5):
    hub = Hub([PointSpec(f"p{n}", "a1/x", kind="co2") for n in range(count)], ManualClock())
    if count:
        hub.update(np.arange(count), np.arange(count) * 1.5)
    return message("delta", 4_000_000_000, body(hub, np.arange(count), 2**40, hub.clock.now_ms()))


@pytest.mark.parametrize("count", [0, 1, 5])
def test_the_layout_is_the_documented_one(count):
    raw = frame(count)
    assert len(raw) == HEAD_BYTES + POINT_BYTES * count
    assert raw[:4] == bytes([1, 2, 0, 0])
    assert np.frombuffer(raw, "<u4", 1, 4)[0] == 4_000_000_000
    assert np.frombuffer(raw, "<f8", 2, 8).tolist() == [2.0**40, 1_700_000_000_000]
    assert np.frombuffer(raw, "<u4", 2, 24).tolist() == [count, 0]
    assert np.frombuffer(raw, "<f8", count, 32).tolist() == [n * 1.5 for n in range(count)]
    assert np.frombuffer(raw, "<u4", count, 32 + 24 * count).tolist() == list(range(count))
    assert raw[32 + 28 * count :] == bytes(count)


def test_columns_are_views_not_copies():
    found = BinaryFrame(frame())
    for name in ("values", "changed_at", "heard_at", "points", "quality"):
        assert not getattr(found, name).flags.owndata
    assert (found.kind, found.seq, found.past) == ("delta", 2**40, False)


@pytest.mark.parametrize(
    "spoil", [lambda raw: raw[:-1], lambda raw: b"\2" + raw[1:], lambda raw: raw[:20], lambda _: b""]
)
def test_what_is_no_frame_is_refused(spoil):
    with pytest.raises(Invalid, match="frame"):
        BinaryFrame(spoil(frame()))


@pytest.mark.parametrize("ident", ["one", -1, 2**32])
def test_an_id_that_does_not_fit_is_refused(ident):
    with pytest.raises(Invalid, match="id"):
        message("delta", ident, b"\0")
