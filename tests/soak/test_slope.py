"""The slope finds a leak under noise, and none where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from tests.soak.slope import growth, theil_sen


def test_a_line_with_wild_readings_keeps_its_slope():
    x = np.arange(40.0)
    y = 3 * x + 5
    y[::5] += 1e6
    assert theil_sen(x, y) == pytest.approx(3)


def test_only_the_second_half_counts():
    assert growth([0, 50, 90, 100, 100, 100, 100, 100]) == 0
    assert growth([0, 0, 0, 0, 10, 20, 30, 40]) == pytest.approx(30)


def test_noise_alone_is_flat_and_a_leak_is_not():
    noise = np.random.default_rng(7).normal(0, 100, 60)
    assert abs(growth(1000 + noise)) < 200
    assert growth(1000 + noise + 40 * np.arange(60)) > 800
