"""Types and component types of 3D metadata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

COMPONENTS: dict[str, str] = {
    "INT8": "<i1", "UINT8": "<u1", "INT16": "<i2", "UINT16": "<u2", "INT32": "<i4", "UINT32": "<u4",
    "INT64": "<i8", "UINT64": "<u8", "FLOAT32": "<f4", "FLOAT64": "<f8",
}  # fmt: skip
INTEGERS = tuple(name for name in COMPONENTS if "INT" in name)
OFFSETS = ("UINT8", "UINT16", "UINT32", "UINT64")
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
TYPES = (*WIDTHS, "STRING", "BOOLEAN", "ENUM")


@dataclass(frozen=True)
class Property:
    """A class property as read from a valid schema.

    count: elements of a fixed-length array, None where it is no array or of variable length;
    enum: value by name, for type ENUM.
    """

    raw: dict[str, Any]
    enum: dict[str, int]
    enum_type: str

    @property
    def type(self) -> str:
        """One of TYPES."""
        return str(self.raw.get("type"))

    @property
    def component(self) -> str:
        """The component type; for enums the type of their values, else ''."""
        return self.enum_type if self.type == "ENUM" else str(self.raw.get("componentType") or "")

    @property
    def numeric(self) -> bool:
        """Whether it is of numbers (enums are not)."""
        return self.type in WIDTHS

    @property
    def width(self) -> int:
        """Components of one element."""
        return WIDTHS.get(self.type, 1)

    @property
    def array(self) -> bool:
        """Whether values are arrays of elements."""
        return self.raw.get("array") is True

    @property
    def count(self) -> int | None:
        """Elements of a fixed-length array."""
        return int(self.raw["count"]) if self.array and self.raw.get("count") is not None else None

    @property
    def variable(self) -> bool:
        """Whether values are arrays of variable length."""
        return self.array and self.count is None

    @property
    def normalized(self) -> bool:
        """Whether integers stand for numbers of -1 or 0 to 1."""
        return self.raw.get("normalized") is True

    def real(self, values: Any, override: dict[str, Any] | None = None) -> Any:
        """Stored numbers → real ones: normalized, then scale and offset (3D Metadata, Property Values Transforms).

        values: (…, components of a whole value); override: a property table's own offset and scale.
        """
        given = {**self.raw, **{k: v for k, v in (override or {}).items() if v is not None}}
        result = np.asarray(values, np.float64)
        if self.normalized:
            result = np.maximum(result / float(np.iinfo(COMPONENTS[self.component]).max), -1.0)
        for name, apply in (("scale", np.multiply), ("offset", np.add)):
            if given.get(name) is not None:
                result = apply(result, np.asarray(given[name], np.float64).ravel())
        return result


@dataclass(frozen=True)
class Schema:
    """A valid metadata schema: its classes' properties by name."""

    classes: dict[str, dict[str, Property]]

    @classmethod
    def of(cls, raw: dict[str, Any]) -> Schema:
        """Read a schema that was found valid."""
        enums = {
            name: ({v["name"]: int(v["value"]) for v in enum["values"]}, enum.get("valueType") or "UINT16")
            for name, enum in (raw.get("enums") or {}).items()
        }
        empty: tuple[dict[str, int], str] = ({}, "UINT16")
        return cls(
            {
                name: {
                    key: Property(prop, *enums.get(str(prop.get("enumType")), empty))
                    for key, prop in (one.get("properties") or {}).items()
                }
                for name, one in (raw.get("classes") or {}).items()
            }
        )
