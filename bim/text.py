"""Text of a model made safe for tables, and numbers as people read them."""

from __future__ import annotations

from typing import Any


def clean(value: Any) -> str | None:
    """Text that every store accepts: no lone surrogates, no NUL, no outer blanks; None where nothing is left."""
    if value is None:
        return None
    text = value if type(value) is str else str(value)
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text.strip() or None


def number_text(value: float) -> str:
    """A number in at most ten significant digits, without a trailing `.0`."""
    if isinstance(value, int):
        return str(value)
    return f"{value:.10g}"
