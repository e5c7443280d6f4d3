"""Objects coloured by values: means, stale ones, states, observed limits."""

from __future__ import annotations

import math

import numpy as np
import pytest

from scenes.picture.looks import rgb, theme, token
from scenes.picture.theme import Reading, nice_range, observed_range, themed


def reading(gid, value, kind="temperature", good=True, at=1):
    return Reading(gid, kind, "°C", value, good, at)


def test_the_mean_of_good_points_colours_and_none_is_stale():
    found = themed(
        theme("temperature"),
        [reading("a", 18), reading("a", 38, at=9), reading("b", 17), reading("c", 20, good=False),
         reading("d", math.nan), reading("e", 5, kind="noise")],
    )  # fmt: skip
    assert found.colours == {
        "a": rgb("#fde725"), "b": rgb("#440154"), "c": token("--severity-stale"), "d": token("--severity-stale"),
    }  # fmt: skip
    assert (found.low, found.high, found.unit, found.fresh, found.at) == (18, 28, "°C", 2, 9)


def test_the_worst_state_counts():
    kind = "smoke"
    found = themed(theme("fire"), [reading("a", 0, kind), reading("a", 1, kind), reading("b", 0, kind)])
    assert found.colours == {"a": token("--severity-critical"), "b": token("--severity-normal")}


def test_limits_are_observed_where_a_theme_has_none():
    values = np.array([*np.linspace(1, 97, 99), math.nan])
    assert observed_range(values) == (0, 100)
    assert observed_range(np.array([math.nan])) == (0, 1)
    assert themed(theme("power"), []).colours == {}


@pytest.mark.parametrize(("low", "high", "expected"), [(3.2, 97, (0, 100)), (18.4, 26.1, (18, 28)), (5, 5, (4.5, 5.5))])
def test_limits_are_rounded_outward(low, high, expected):
    assert nice_range(low, high) == pytest.approx(expected)
