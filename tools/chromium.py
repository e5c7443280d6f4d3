"""Where Chromium is, and how it draws with Mesa's llvmpipe and talks to nobody."""

from __future__ import annotations

import shutil
from pathlib import Path

NAMES = ("chromium-headless-shell", "chromium")
PLACES = ("/usr/lib/chromium/chromium-headless-shell", "/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=gl-egl",
    "--ignore-gpu-blocklist",
    "--disable-accelerated-2d-canvas",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]


def find() -> str | None:
    """The browser's program, or None where none is installed."""
    known = next((place for place in PLACES if Path(place).exists()), None)
    return known or next((path for name in NAMES if (path := shutil.which(name))), None)
