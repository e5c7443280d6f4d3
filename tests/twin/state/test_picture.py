import duckdb
import numpy as np
import pytest

from twin.state.history_schema import open_history
from twin.state.picture import changes, picture_at

T = 1_700_000_000_000
HOUR = 3_600_000


@pytest.fixture
def cursor(tmp_path):
    with open_history(tmp_path / "h.duckdb") as connection:
        yield connection


def put(cursor, *rows):
    cursor.executemany("INSERT INTO fresh VALUES (?, ?, ?, ?)", rows)


def test_the_state_of_all_keys_as_of_an_instant(cursor):
    put(
        cursor,
        (0, T - 2000, 1.0, 0), (0, T - 1000, 2.0, 0), (0, T + 1, 9.0, 0),
        (1, T - 20 * HOUR, 5.0, 0), (1, T, np.nan, 2),
        (2, T - 10, np.nan, 2),
        (3, T - 40 * 24 * HOUR, 1.0, 0),
        (5, T - 1, 3.0, 1),
    )  # fmt: skip
    found = picture_at(cursor, T, np.array([5, 0, 1, 2, 3, 4]))
    rows = dict(
        zip(
            found.keys.tolist(),
            zip(found.heard.tolist(), found.quality.tolist(), found.good.tolist(), found.values.tolist(), strict=True),
            strict=True,
        )
    )
    assert rows.pop(2)[:3] == (T - 10, 2, 0)
    old = T - 40 * 24 * HOUR
    assert rows == {
        0: (T - 1000, 0, T - 1000, 2.0), 1: (T, 2, T - 20 * HOUR, 5.0), 3: (old, 0, old, 1.0), 5: (T - 1, 1, T - 1, 3.0),
    }  # fmt: skip


def test_changes_come_in_steps_one_row_per_key_each(cursor):
    put(
        cursor,
        (0, T, 0.0, 0), (0, T + 1, 1.0, 0), (0, T + 100, 2.0, 0), (0, T + 101, 3.0, 0), (0, T + 300, 4.0, 0),
        (1, T + 150, 5.0, 0), (1, T + 160, np.nan, 2), (2, T + 150, 6.0, 0), (0, T + 301, 7.0, 0),
    )  # fmt: skip
    found = changes(cursor, T, 100, 3, np.array([0, 1]))
    steps = [found.step(n) for n in range(3)]
    assert [s.keys.tolist() for s in steps] == [[0], [0, 1], [0]]
    assert [s.values.tolist() for s in steps] == [[2.0], [3.0, 5.0], [4.0]]
    assert steps[1].quality.tolist() == [0, 2]
    assert steps[1].good.tolist() == [T + 101, T + 150]
    assert len(changes(cursor, T + 400, 100, 3, np.array([0])).step(2)) == 0


def test_pictures_plus_changes_are_the_later_picture(cursor):
    """Any random history: the picture at T moved on by all steps equals the picture asked for at the end."""
    random = np.random.default_rng(11)
    count = 2000
    table = {
        "p": random.integers(0, 20, count), "t": T + random.integers(-5000, 5000, count),
        "v": random.integers(0, 9, count) * 1.0, "q": random.choice([0, 0, 0, 1, 2], count).astype(np.uint8),
    }  # fmt: skip
    _, first = np.unique(np.stack([table["p"], table["t"]]), axis=1, return_index=True)
    table = {name: column[first] for name, column in table.items()}
    cursor.register("made", table)
    cursor.execute("INSERT INTO fresh SELECT * FROM made")
    keys = np.arange(20)
    state = {}

    def move(part):
        for key, heard, code, good, value in zip(
            part.keys, part.heard, part.quality, part.good, part.values, strict=True
        ):
            old = state.get(key, (0, 0, 0, np.nan))
            state[key] = (heard, code, *((good, value) if good else old[2:]))

    move(picture_at(cursor, T, keys))
    steps = changes(cursor, T, 333, 12, keys)
    for number in range(12):
        move(steps.step(number))
    end = picture_at(cursor, T + 333 * 12, keys)
    assert len(end) == len(state)
    for key, *rest in zip(end.keys, end.heard, end.quality, end.good, end.values, strict=True):
        np.testing.assert_equal(tuple(rest), state[key])


def test_an_empty_history_has_no_picture(cursor):
    assert len(picture_at(cursor, T, np.array([1, 2]))) == 0
    assert isinstance(cursor, duckdb.DuckDBPyConnection)
