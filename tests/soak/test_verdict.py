"""A leak is found among what jitters, and told with its figures."""

from __future__ import annotations

import numpy as np
import pytest

from tests.soak.probe import MEASURES
from tests.soak.verdict import FEWEST, MOST, table, told, verdicts


def rounds(count=12, **leaks):
    jitter = np.random.default_rng(3)
    rows = []
    for number in range(count):
        row = {measure.name: 1000 / measure.scale for measure in MEASURES}
        row["heap"] = 20e6 + jitter.normal(0, 2e5)
        for name, per_round in leaks.items():
            row[name] += per_round * number
        rows.append(row)
    return rows


def test_what_stays_is_flat():
    assert all(one.flat for one in verdicts(rounds()))


@pytest.mark.parametrize(
    ("name", "per_round"),
    [
        ("heap", 1e6),
        ("detached", 60),
        ("listeners", 40),
        ("texture_bytes", 8e6),
        ("buffers", 20),
        ("programs", 1),
        ("sockets", 1),
    ],
)
def test_what_grows_is_named(name, per_round):
    grown = [one for one in verdicts(rounds(**{name: per_round})) if not one.flat]
    assert [one.measure.name for one in grown] == [name]
    assert grown[0].measure.title in grown[0].words()
    assert grown[0].measure.title in table(grown)


def test_too_few_rounds_tell_nothing():
    with pytest.raises(ValueError, match="expected at least 8"):
        verdicts(rounds(7))


def test_what_comes_once_is_waited_out_and_a_leak_is_not():
    step = rounds(2 * FEWEST)
    for row in step[FEWEST - 3 :]:
        row["listeners"] += 400
    assert not told(step[: FEWEST - 1])
    assert not told(step[:FEWEST])
    assert told(step)
    leak = rounds(MOST, listeners=100)
    assert [told(leak[:count]) for count in (FEWEST, 2 * FEWEST, MOST)] == [False, False, True]
    assert not all(one.flat for one in verdicts(leak))
