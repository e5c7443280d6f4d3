"""The shared data folder beside the checkout; tests that read it skip where it is absent."""

from __future__ import annotations

from pathlib import Path

SHARED = Path(__file__).parents[2] / ".." / "shared"
