"""Rules for the whole run."""

from __future__ import annotations

from functools import partial

import pytest

from tests.support.apart import apart


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs Chromium, and let the tests of a file, and of a folder those that need Chromium, run on one worker.

    Else each worker would build the parks that they share. The group with most tests begins first.
    """
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        shared = item.path.parent if item.get_closest_marker("browser") else item.path
        item.add_marker(pytest.mark.xdist_group(shared.as_posix()))


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run what is marked so in a child."""
    if pyfuncitem.get_closest_marker("apart") is None:
        return None
    given = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    apart(partial(pyfuncitem.obj, **given))
    return True
