"""Chromium for tests: patient, because a machine that does other work as well is slow and not wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tools import chromium

PATIENCE_MS = 120_000
"""Waiting ends with what is waited for; only a test that fails waits so long."""
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True,
    "reduced_motion": "reduce",
}  # fmt: skip
"""A phone held upright."""


def opened() -> Iterator[Any]:
    """A browser, for a fixture of package scope: Playwright keeps an event loop running, which asyncio tests cannot bear."""
    from playwright.sync_api import sync_playwright

    path = chromium.find()
    if path is None:
        pytest.skip("no Chromium is installed: run make browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        new_context = browser.new_context

        def patient(**settings: Any) -> Any:
            context = new_context(**settings)
            context.set_default_timeout(PATIENCE_MS)
            return context

        browser.new_context = patient  # type: ignore[method-assign]
        yield browser
        browser.close()


def sign_in(context: Any, url: str, user: str, password: str) -> Any:
    """The context, with a session at a server."""
    answer = context.request.post(f"{url}/api/v1/session", data={"username": user, "password": password})
    assert answer.ok, answer.text()
    return context
