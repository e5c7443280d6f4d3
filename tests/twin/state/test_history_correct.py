"""Corrections are applied by every reading, keep what was measured, and can be undone."""

import numpy as np
import pytest

from tests.twin.state.history_support import DAY, HOUR, T0, opened, put
from twin.errors import Conflict, Invalid, NotFound
from twin.state.history_asof import as_of
from twin.state.history_correct import Wish, correct, corrections, undo
from twin.state.history_plot import plot
from twin.state.history_queries import buckets, first_after, page
from twin.state.history_seal import seal
from twin.state.history_totals import Asked, counter_totals, gauge_totals


def wish(start: int, stop: int, action: str, **more) -> Wish:
    return Wish(T0 + start, T0 + stop, action, "li", "sensor was wet", **more)


@pytest.fixture(params=["fresh", "archived"])
def cursor(tmp_path, request):
    connection = opened(tmp_path)
    connection.execute("INSERT INTO point_key VALUES (0, 'a'), (1, 'b')")
    put(connection, 0, T0 + np.arange(10) * 1000, np.arange(10.0))
    put(connection, 1, T0 + np.arange(10) * 1000, 100 + np.arange(10.0))
    if request.param == "archived":
        seal(connection.cursor(), T0 + DAY)
    yield connection.cursor()
    connection.close()


def test_a_value_is_read_everywhere_and_the_original_stays(cursor):
    row = correct(cursor, 0, wish(3000, 4000, "value", value=50.0), T0 + DAY)
    assert (row["point_id"], row["author"], row["reason"], row["samples"]) == ("a", "li", "sensor was wet", 1)
    got = page(cursor, 0, T0, T0 + HOUR, 100)
    assert got.value.tolist() == [0, 1, 2, 50, 4, 5, 6, 7, 8, 9]
    assert got.original.tolist() == list(range(10))
    assert np.flatnonzero(got.corrected).tolist() == [3]
    assert buckets(cursor, 0, T0, T0 + 10_000, 1).max.tolist() == [50.0]
    assert buckets(cursor, 0, T0, T0 + 10_000, 1).corrected.tolist() == [1]
    curve = plot(cursor, 0, T0, T0 + 10_000, 100, 5000)
    assert (curve.value.max(), curve.corrected.tolist()) == (50.0, [T0 + 3000])
    then = as_of(cursor, T0 + 3500, np.arange(2))
    assert (then.values.tolist(), then.corrected.tolist()) == ([50.0, 103.0], [True, False])
    assert first_after(cursor, T0 + 3000, T0 + 4000, np.array([0])).values.tolist() == [50.0]
    asked = Asked(np.arange(2), np.full(2, 5000), np.full(2, np.inf))
    assert gauge_totals(cursor, asked, np.array([T0, T0 + 10_000])).columns["high"].tolist() == [50.0, 109.0]
    assert cursor.execute("SELECT max(value) FROM sample WHERE point = 0").fetchone() == (9.0,)
    undo(cursor, row["id"], "wang", T0 + DAY + 1)
    assert page(cursor, 0, T0, T0 + HOUR, 100).value.tolist() == list(range(10))
    assert as_of(cursor, T0 + 3500, np.arange(2)).values.tolist() == [3.0, 103.0]
    kept, total = corrections(cursor, None, 0, 1 << 50, 10, 0)
    assert (total, kept[0]["undone_by"], kept[0]["undone_at"]) == (1, "wang", T0 + DAY + 1)


def test_excluded_samples_give_way_to_those_before(cursor):
    correct(cursor, 0, wish(5000, 20_000, "exclude"), T0 + DAY)
    for instant in (T0 + 9500, T0 + 2 * DAY):
        got = as_of(cursor, instant, np.arange(2))
        assert (got.times[0], got.values[0], got.heard[0]) == (T0 + 4000, 4.0, T0 + 9000)
    assert buckets(cursor, 0, T0, T0 + 10_000, 1).count.tolist() == [5]
    put(cursor, 0, T0 + 4500, 4.5)  # a late one, outside the span
    put(cursor, 0, T0 + 6500, 6.5)  # and one inside
    seal(cursor, T0 + DAY)
    assert as_of(cursor, T0 + 2 * DAY, np.arange(1)).values.tolist() == [4.5]


def test_scaling_mends_a_wrong_unit_of_a_meter(cursor):
    correct(cursor, 0, wish(0, 5000, "scale", factor=10.0, offset=-36.0), T0 + DAY)
    asked = Asked(np.arange(1), np.full(1, 5000), np.full(1, np.inf))
    assert page(cursor, 0, T0, T0 + 6000, 10).value.tolist() == [-36, -26, -16, -6, 4, 5]
    assert counter_totals(cursor, asked, np.array([T0, T0 + 10_000])).columns["rise"].tolist() == [45.0]


def test_what_cannot_be_corrected_is_told(cursor):
    made = correct(cursor, 0, wish(3000, 5000, "exclude"), T0 + DAY)
    with pytest.raises(Conflict, match=f"Correction {made['id']} is in force"):
        correct(cursor, 0, wish(4000, 4001, "value", value=1.0), T0 + DAY)
    correct(cursor, 1, wish(4000, 4001, "value", value=1.0), T0 + DAY)
    with pytest.raises(NotFound, match="No sample"):
        correct(cursor, 0, wish(100_000, 200_000, "exclude"), T0 + DAY)
    for bad in (wish(5, 5, "exclude"), wish(1, 5, "delete"), wish(1, 5, "value"), wish(1, 5, "scale", factor=np.inf)):
        with pytest.raises(Invalid):
            correct(cursor, 0, bad, T0 + DAY)
    with pytest.raises(Invalid, match="needs a reason"):
        correct(cursor, 0, Wish(T0, T0 + 1, "exclude", "li", "  "), T0 + DAY)
    undo(cursor, made["id"], "li", T0 + DAY)
    with pytest.raises(Conflict, match="undone by 'li'"):
        undo(cursor, made["id"], "li", T0 + DAY)
    with pytest.raises(NotFound):
        undo(cursor, 99, "li", T0 + DAY)
