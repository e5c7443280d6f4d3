"""Rules for the whole run."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent
FIRST = {"browser", "web"}
"""Folders that take longest to set up."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: item.path.relative_to(ROOT).parts[0] not in FIRST)
