"""One generated park for all tests of this folder."""

from __future__ import annotations

import pytest

from scenes.sample_park import generate


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """The whole park, written once."""
    return generate(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def sources(sample):
    """Source files by layer."""
    return {source.layer: source for source in sample.sources}
