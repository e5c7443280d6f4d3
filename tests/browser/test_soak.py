"""A short soak: the same rounds and limits as `make soak`, on a wall of its own with live devices."""

from __future__ import annotations

import shutil

import pytest

from tests.soak.soak import demo, soak
from tests.soak.verdict import table, verdicts

pytestmark = pytest.mark.slow
SECONDS = 75


@pytest.mark.timeout(1200)
def test_a_wall_in_use_keeps_its_size(browser, built, tmp_path):
    folder = tmp_path / "park"
    shutil.copytree(built, folder)
    with demo(folder) as served:
        found = verdicts(soak(browser, served, SECONDS, brief=True))
    assert [one.words() for one in found if not one.flat] == [], table(found)
