"""From what a device sent to the value in the point's unit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from twin.state.units import conversion

MAX_TEXT = 64
"""Longer texts are no number and stand in no table."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """value = raw · factor + shift, but for what stands in `texts`: its number, as it is.

    texts: by the raw value as text; numbers are written without trailing zeros (`1`, `0.5`).
    """

    factor: float = 1.0
    shift: float = 0.0
    texts: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, scale: float, offset: float, unit: str, wanted: str, texts: Mapping[str, float]) -> Scaling:
        """Raw · scale + offset is in `unit`; the result is in `wanted`. Raises Invalid where these have no conversion."""
        factor, shift = conversion(unit, wanted)
        return cls(scale * factor, offset * factor + shift, dict(texts))

    def __call__(self, raw: float, text: str = "") -> float:
        """The value in the point's unit; NaN where raw is none and the text says nothing."""
        if self.texts:
            found = self.texts.get(text or f"{raw:.15g}")
            if found is not None:
                return found
        return raw * self.factor + self.shift


def number_of(value: object) -> tuple[float, str]:
    """(number, text) of a JSON value: a number and no text, or NaN and the text it was. A text that is a number is one."""
    if isinstance(value, bool | int | float):
        try:
            return float(value), "true" if value is True else "false" if value is False else ""
        except OverflowError:
            return math.inf, ""
    if isinstance(value, str):
        text = value.strip()
        try:
            return (float(text) if len(text) <= MAX_TEXT else math.nan), text
        except ValueError:
            return math.nan, text
    return math.nan, ""
