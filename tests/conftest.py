"""Rules for the whole run."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent
TOGETHER = {"browser": "browser", "web": "web"}
"""Folders whose tests share one costly session fixture, and so belong on one worker."""


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what shares a fixture together, and begin with what takes longest."""
    for item in items:
        folder = item.path.relative_to(ROOT).parts[0]
        if folder in TOGETHER:
            item.add_marker(pytest.mark.xdist_group(TOGETHER[folder]))
    items.sort(key=lambda item: item.path.relative_to(ROOT).parts[0] not in TOGETHER)
