"""BACnet values → numbers, and numbers → values of a property's own type."""

from __future__ import annotations

import math
from typing import Any

from bacpypes3.basetypes import StatusFlags
from bacpypes3.primitivedata import (
    Boolean,
    Double,
    Enumerated,
    Integer,
    Real,
    Tag,
    TagClass,
    TagList,
    TagNumber,
    Unsigned,
)

from twin.errors import Invalid
from twin.state.quality import BAD, GOOD, STALE

TYPES = {
    TagNumber.boolean: Boolean,
    TagNumber.unsigned: Unsigned,
    TagNumber.integer: Integer,
    TagNumber.real: Real,
    TagNumber.double: Double,
    TagNumber.enumerated: Enumerated,
}
FAULT, OUT_OF_SERVICE = 1, 3
"""Places in StatusFlags."""


def number(value: Any) -> float | None:
    """The number that a property holds, false and inactive as 0; None where it is none. Never raises."""
    tag = _tag(value)
    if tag is None:
        return None
    kind = TYPES.get(tag.tag_number)
    try:
        return None if kind is None else float(kind.decode(TagList([tag])))
    except Exception:  # noqa: BLE001  the bytes are a stranger's, and the library has no error of its own for them
        return None


def quality(flags: Any) -> int:
    """From StatusFlags: fault is bad, out of service shown as stale; overridden and in alarm are good values."""
    tag = _tag(flags)
    if tag is None or tag.tag_number != TagNumber.bitString:
        return GOOD
    try:
        bits = [bool(bit) for bit in StatusFlags.decode(TagList([tag]))]
    except Exception:  # noqa: BLE001  as above
        return GOOD
    if len(bits) != 4:
        return GOOD
    return BAD if bits[FAULT] else STALE if bits[OUT_OF_SERVICE] else GOOD


def typed(source: str, value: float, like: Any) -> Any:
    """A number as the type that a property's present value has. Raises Invalid where it does not fit."""
    tag = _tag(like)
    kind = None if tag is None else TYPES.get(tag.tag_number)
    if kind is None:
        raise Invalid(f"BACnet {source}: the property is no number; expected one to write to", code="write")
    if not math.isfinite(value):
        raise Invalid(f"BACnet {source}: {value!r} cannot be written; expected a finite number", code="write")
    if kind in {Real, Double}:
        return kind(value)
    if kind is Boolean and value not in {0, 1}:
        raise Invalid(f"BACnet {source}: {value!r} is no boolean; expected 0 or 1", code="write")
    try:
        return kind(round(value))
    except ValueError as error:
        raise Invalid(f"BACnet {source}: {value!r} does not fit {kind.__name__} ({error})", code="write") from error


def _tag(value: Any) -> Tag | None:
    """The only application tag of a value; None where it has none or several."""
    tags = [tag for tag in getattr(value, "tagList", None) or () if tag.tag_class == TagClass.application]
    return tags[0] if len(tags) == 1 else None
