"""Numbers of attributes that a malformed file may have filled with anything."""

from __future__ import annotations

import math
from typing import Any

MALFORMED = (AttributeError, TypeError, ValueError, RuntimeError)
"""What reading entities raises where their attributes are of types that the schema forbids."""


def real(value: Any, default: float = 0.0) -> float:
    """The attribute as a number: the default where it is empty, NaN where it is none, so that it is seen as one."""
    plain = getattr(value, "wrappedValue", value)
    if plain is None:
        return default
    try:
        return float(plain)
    except (TypeError, ValueError, OverflowError):
        return math.nan
